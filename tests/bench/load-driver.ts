import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import { openReadTicker, runStream, type LoadRequest, type LoadResult } from './stream-load.ts'

/** The plan of one run; given as JSON in the first argument. */
export interface LoadPlan {
  target: 'openai' | 'llmchat'
  port: number
  apiKey: string
  agentId: string
  streams: number
  tokens: number
  gapMs: number
  ttftMs: number
  rampS: number
  seedBase: number
}

/** What a run found, printed as one JSON line. All times in ms. */
export interface LoadReport {
  exact: number
  failed: number
  firstProblem: string | null
  firstContentMs: number[]
  totalMs: number[]
  /** What LLMChat itself says of the same streams (`data-timing`): from accepting to the first content. */
  toldFirstContentMs: number[]
  /** CPU seconds of the driver itself. */
  driverCpuS: number
}

async function main(): Promise<void> {
  const plan = JSON.parse(process.argv[2] ?? '{}') as LoadPlan
  const ticker = openReadTicker(Math.max(20, Math.min(100, plan.gapMs * 5)))
  const startCpu = process.cpuUsage()
  const startMs = performance.now()
  const runs = Array.from({ length: plan.streams }, async (_, index) => {
    const dueMs = (index * plan.rampS * 1000) / plan.streams
    await delay(Math.max(0, dueMs - (performance.now() - startMs)))
    return runStream(toRequest(plan, index), ticker)
  })
  const settled = await Promise.allSettled(runs)
  ticker.close()
  const cpu = process.cpuUsage(startCpu)
  process.stdout.write(JSON.stringify(toReport(plan, settled, (cpu.user + cpu.system) / 1e6)))
}

function toRequest(plan: LoadPlan, index: number): LoadRequest {
  const directive = `[[sim tokens=${plan.tokens} gap=${plan.gapMs} ttft=${plan.ttftMs} seed=${plan.seedBase + index}]]`
  if (plan.target === 'openai') {
    const messages = [{ role: 'user', content: directive }]
    const body = JSON.stringify({ model: 'sim', stream: true, messages })
    const path = '/openai/v1/chat/completions'
    return {
      port: plan.port,
      path,
      headers: { authorization: 'Bearer sk-sim' },
      body,
      contentPattern: /"content":"[^"]/,
    }
  }
  const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: directive }] }]
  return {
    port: plan.port,
    path: '/api/chat',
    headers: { authorization: `Bearer ${plan.apiKey}` },
    body: JSON.stringify({ id: randomUUID(), agentId: plan.agentId, messages }),
    contentPattern: /"type":"text-delta"/,
  }
}

function toReport(plan: LoadPlan, settled: PromiseSettledResult<LoadResult>[], driverCpuS: number): LoadReport {
  const report: LoadReport = {
    exact: 0,
    failed: 0,
    firstProblem: null,
    firstContentMs: [],
    totalMs: [],
    toldFirstContentMs: [],
    driverCpuS,
  }
  settled.forEach((outcome, index) => {
    const problem = findProblem(plan, index, outcome)
    if (problem === null) report.exact += 1
    else report.failed += 1
    report.firstProblem ??= problem
    if (outcome.status !== 'fulfilled' || outcome.value.firstContentMs < 0) return
    report.firstContentMs.push(outcome.value.firstContentMs)
    report.totalMs.push(outcome.value.totalMs)
    const told = /"data-timing","data":\{[^}]*"firstContentMs":(\d+)/.exec(outcome.value.body)?.[1]
    if (told !== undefined) report.toldFirstContentMs.push(Number(told))
  })
  return report
}

function findProblem(plan: LoadPlan, index: number, outcome: PromiseSettledResult<LoadResult>): string | null {
  if (outcome.status === 'rejected') return String(outcome.reason)
  const { status, body } = outcome.value
  if (status !== 200) return `status ${status}: ${body.slice(0, 300)}`
  const expected = toSimulatedText({ seed: plan.seedBase + index, tokens: plan.tokens })
  const text = toText(plan.target, body)
  return text === expected ? null : `text differs: ${text.length} of ${expected.length} characters`
}

interface Frame {
  type?: string
  delta?: string
  choices?: { delta?: { content?: string | null } }[]
}

function toText(target: LoadPlan['target'], body: string): string {
  let text = ''
  for (const line of body.split('\n')) {
    if (!line.startsWith('data: {')) continue
    const frame = JSON.parse(line.slice(6)) as Frame
    if (target === 'llmchat') text += frame.type === 'text-delta' ? (frame.delta ?? '') : ''
    else text += frame.choices?.[0]?.delta?.content ?? ''
  }
  return text
}

await main()
