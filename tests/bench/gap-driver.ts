import { randomUUID } from 'node:crypto'
import { Agent, request, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** Streams whose every token's arrival is timed; given as JSON in the first argument. */
export interface GapPlan {
  port: number
  apiKey: string
  agentId: string
  streams: number
  tokens: number
  gapMs: number
  rampS: number
  seedBase: number
}

/** Printed as one JSON line. */
export interface GapReport {
  complete: number
  failed: number
  firstProblem: string | null
  /** Between two tokens as they arrived, minus what was planned, ms. Not below zero. */
  addedGapMs: number[]
  /** CPU seconds of the driver itself. */
  driverCpuS: number
}

const delta = '"type":"text-delta"'
const agent = new Agent({ keepAlive: true, maxSockets: Infinity })

async function main(): Promise<void> {
  const plan = JSON.parse(process.argv[2] ?? '{}') as GapPlan
  const startCpu = process.cpuUsage()
  const addedGapMs: number[] = []
  const runs = Array.from({ length: plan.streams }, async (_, index) => {
    await delay((index * plan.rampS * 1000) / plan.streams)
    await runStream(plan, index, addedGapMs)
  })
  const settled = await Promise.allSettled(runs)
  const failed = settled.filter((outcome) => outcome.status === 'rejected')
  const cpu = process.cpuUsage(startCpu)
  const report: GapReport = {
    complete: settled.length - failed.length,
    failed: failed.length,
    firstProblem: failed[0] === undefined ? null : String(failed[0].reason),
    addedGapMs,
    driverCpuS: (cpu.user + cpu.system) / 1e6,
  }
  process.stdout.write(JSON.stringify(report), () => process.exit(0))
}

function runStream(plan: GapPlan, index: number, addedGapMs: number[]): Promise<void> {
  const { tokens, gapMs, seedBase, agentId, apiKey, port } = plan
  const text = `[[sim tokens=${tokens} gap=${gapMs} ttft=100 seed=${seedBase + index}]]`
  const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }]
  const body = JSON.stringify({ id: randomUUID(), agentId, messages })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/api/chat', method: 'POST', headers, agent }, (response) => {
      watch(response, gapMs, addedGapMs).then(resolve, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function watch(response: IncomingMessage, gapMs: number, addedGapMs: number[]): Promise<void> {
  let lastMs: number | null = null
  let tail = ''
  for await (const chunk of response) {
    tail = (tail + String(chunk)).slice(-20_000)
    if (!String(chunk).includes(delta)) continue
    const nowMs = performance.now()
    if (lastMs !== null) addedGapMs.push(Math.max(0, nowMs - lastMs - gapMs))
    lastMs = nowMs
  }
  if (response.statusCode !== 200) throw new Error(`status ${String(response.statusCode)}: ${tail.slice(0, 300)}`)
  if (!tail.includes('"state":"complete"')) throw new Error(`no complete answer: ${tail.slice(-300)}`)
}

await main()
