// The baseline: up to 50 people at once. `npm run load:k6 -- baseline`, or against a server of your own:
//   BASE_URL=https://chat.corp.example k6 run tests/load/k6-baseline.js   (people person-1@example.com … with PASSWORD)
import { createSummary, sla, summaryTrendStats, visit } from './k6-chat.js'

const scale = Number(__ENV.TIME_SCALE || 1)
const seconds = (count) => `${Math.max(1, Math.round(count * scale))}s`

export const options = {
  summaryTrendStats,
  // A person signs in once: k6 would forget their cookie after each round.
  noCookiesReset: true,
  insecureSkipTLSVerify: true,
  scenarios: {
    people: {
      executor: 'ramping-vus',
      exec: 'visit',
      startVUs: 0,
      stages: [
        { duration: seconds(20), target: 10 },
        { duration: seconds(30), target: 50 },
        { duration: seconds(60), target: 50 },
        { duration: seconds(10), target: 0 },
      ],
      gracefulRampDown: '60s',
    },
  },
  // Fifty people who read what they are told make some 40 requests a second: the rate is for the stress test to hold.
  thresholds: { ...sla, chat_added_first_content_ms: ['p(95)<500'] },
}

export { visit }
export const handleSummary = createSummary('LLMChat: baseline, up to 50 people', 'k6-baseline')
