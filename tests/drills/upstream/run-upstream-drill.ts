import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { askQuestion, askV1 } from './drill-client.ts'
import { realPace } from './drill-pace.ts'
import type { DrillAgent, DrillPace, DrillRun, Scenario } from './scenario.ts'
import { brokenStreams } from './scenarios/broken-streams.ts'
import { refusingUpstreams } from './scenarios/refusing-upstreams.ts'
import { standingIn } from './scenarios/standing-in.ts'

/** A guard to take away, so that the drill can be seen to fail. */
export const breakable = ['retry', 'breaker', 'fallback', 'hedge', 'clocks'] as const
export type Breakable = (typeof breakable)[number]

export interface DrillOptions {
  pace?: DrillPace
  broken?: Breakable | null
  /** Only scenarios whose name contains it. */
  only?: string
}

interface ScenarioScore {
  name: string
  right: string
  isRight: boolean
  checks: number
  wrong: { what: string; seen: unknown }[]
  durationMs: number
}

export interface Scorecard {
  broken: Breakable | null
  total: number
  right: number
  scenarios: ScenarioScore[]
}

export const scenarios: readonly Scenario[] = [...refusingUpstreams, ...brokenStreams, ...standingIn]

interface PlacedAgent {
  id: string
  name: string
  simulator: Simulator
  entry: object
}

type Placed = ReadonlyMap<string, PlacedAgent>

/** Runs the scenarios side by side against the built server, each on upstreams of its own, and counts what was right. */
export async function runUpstreamDrill(options: DrillOptions = {}): Promise<Scorecard> {
  const pace = options.pace ?? realPace
  const broken = options.broken ?? null
  const chosen = scenarios.filter(({ name }) => name.includes(options.only ?? ''))
  const places = await Promise.all(chosen.map((scenario, index) => placeAgents(scenario, index, pace, broken)))
  const agents = places.flatMap((placed) => [...placed.values()])
  const server = await startServer({
    agents: agents.map((agent) => agent.entry),
    env: {
      OUTBOUND_ALLOWED_HOSTS: agents.map((agent) => new URL(agent.simulator.url).host).join(','),
      ...toEnvironment(pace, broken),
    },
  })
  try {
    const run = (scenario: Scenario): Promise<ScenarioScore> =>
      score(scenario, places[chosen.indexOf(scenario)] ?? new Map(), server, pace)
    const scores = await Promise.all(chosen.filter((scenario) => scenario.isLoad !== true).map(run))
    for (const scenario of chosen) if (scenario.isLoad === true) scores.push(await run(scenario))
    return { broken, total: scores.length, right: scores.filter((one) => one.isRight).length, scenarios: scores }
  } finally {
    await server.close()
    for (const agent of agents) await agent.simulator.close()
  }
}

function toEnvironment(pace: DrillPace, broken: Breakable | null): Record<string, string> {
  const clockFactor = broken === 'clocks' ? 100 : 1
  return {
    GENERATION_FIRST_CONTENT_MS: String(pace.firstContentMs * clockFactor),
    GENERATION_IDLE_MS: String(pace.idleMs * clockFactor),
    GENERATION_BREAKER_OPEN_MS: String(pace.breakerOpenMs),
    GENERATION_BREAKER_WINDOW_MS: '5000',
    GENERATION_BREAKER_FAILURES: broken === 'breaker' ? '1000000' : '5',
    GENERATION_RETRY_ATTEMPTS: broken === 'retry' ? '0' : '2',
  }
}

async function placeAgents(
  scenario: Scenario,
  index: number,
  pace: DrillPace,
  broken: Breakable | null,
): Promise<Placed> {
  const toId = (key: string): string => `s${index}-${key}`
  const placed = new Map<string, PlacedAgent>()
  for (const agent of scenario.agents(pace)) {
    const simulator = await openSimulator({ defaultPlan: agent.plan })
    const id = toId(agent.key)
    const name = `${scenario.name}: ${agent.key}`
    placed.set(agent.key, { id, name, simulator, entry: toEntry(agent, simulator, { id, name, toId, broken }) })
  }
  return placed
}

function toEntry(
  agent: DrillAgent,
  simulator: Simulator,
  context: { id: string; name: string; toId: (key: string) => string; broken: Breakable | null },
): object {
  const { id, name, toId, broken } = context
  const provider = agent.provider ?? 'openai'
  const fallbacks = broken === 'fallback' ? [] : (agent.fallbacks ?? [])
  return {
    id,
    name,
    provider,
    baseUrl: simulator.baseUrl(provider),
    apiKey: provider === 'fastgpt' ? 'fastgpt-sim' : 'sk-sim',
    ...(provider === 'fastgpt' ? { appId: 'app1' } : { model: 'sim' }),
    ...(fallbacks.length > 0 ? { fallbackAgentIds: fallbacks.map(toId) } : {}),
    ...(agent.hedgeAfterMs !== undefined && broken !== 'hedge' ? { hedgeAfterMs: agent.hedgeAfterMs } : {}),
    ...(agent.canContinue === true ? { options: { canContinue: true } } : {}),
  }
}

async function score(scenario: Scenario, placed: Placed, server: TestServer, pace: DrillPace): Promise<ScenarioScore> {
  const wrong: ScenarioScore['wrong'] = []
  let checks = 0
  const startMs = performance.now()
  const drill = createRun(placed, server, pace, (what, isRight, seen) => {
    checks += 1
    if (!isRight) wrong.push({ what, seen })
  })
  try {
    await scenario.run(drill)
  } catch (error) {
    wrong.push({ what: 'ran to its end', seen: String(error) })
  }
  const durationMs = Math.round(performance.now() - startMs)
  const isRight = wrong.length === 0 && checks > 0
  return { name: scenario.name, right: scenario.right, isRight, checks, wrong, durationMs }
}

function createRun(placed: Placed, server: TestServer, pace: DrillPace, check: DrillRun['check']): DrillRun {
  const target = { url: server.url, apiKey: server.apiKey, limitMs: pace.askLimitMs }
  const get = (key: string): PlacedAgent => {
    const agent = placed.get(key)
    if (!agent) throw new Error(`no agent "${key}" in this scenario`)
    return agent
  }
  return {
    pace,
    check,
    ask: (key, options = {}) => askQuestion(target, get(key).id, options),
    askV1: (key) => askV1(target, get(key).id),
    idOf: (key) => get(key).id,
    nameOf: (key) => get(key).name,
    upstream: (key) => get(key).simulator,
    countRequests: (key) => get(key).simulator.counters().total.requests,
    async readMetrics() {
      const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.apiKey}` } })
      return response.text()
    },
  }
}
