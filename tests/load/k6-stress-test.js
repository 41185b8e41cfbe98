// The stress test: up to 1000 people at once. `npm run load:k6 -- stress`, or as k6-baseline.js says. They hardly pause, so this
// fills two cores; PAUSE_S=10 lets each read an answer for ten seconds.
import { createSummary, sla, slaRate, summaryTrendStats, visit } from './k6-chat.js'

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
        { duration: seconds(30), target: 200 },
        { duration: seconds(60), target: 500 },
        { duration: seconds(90), target: 1000 },
        { duration: seconds(90), target: 1000 },
        { duration: seconds(15), target: 0 },
      ],
      gracefulRampDown: '90s',
    },
  },
  thresholds: { ...sla, ...slaRate },
}

export { visit }
export const handleSummary = createSummary('LLMChat: stress test, up to 1000 people', 'k6-stress-test')
