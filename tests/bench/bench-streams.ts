import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import type { LoadPlan, LoadReport } from './load-driver.ts'
import {
  readCpuSeconds,
  readPeakRssMb,
  readThreadSeconds,
  resetPeakRss,
  startLlmchat,
  startNginx,
  startSimulator,
  type Target,
} from './processes.ts'

const run = promisify(execFile)
const driver = fileURLToPath(new URL('./load-driver.js', import.meta.url))

const help = `Usage: npm run bench:streams -- [options]

Runs the same streams straight to the simulated upstream, through nginx, and through LLMChat, one after the other,
checks every answer byte for byte, and prints one JSON line.

  --streams N   concurrent streams        (default 1000)
  --tokens N    tokens in each answer     (default 200)
  --gap MS      between two tokens        (default 20)
  --ttft MS     before the first token    (default 100)
  --ramp S      all streams have begun by (default 2)
  --targets L   of direct,nginx,llmchat   (default all)
  --slope       also run 100 and 400 tokens and print CPU per token and per message
  --rounds N    rounds of the slope, of which the median counts (default 3)
  --help`

interface Load {
  streams: number
  tokens: number
  gapMs: number
  ttftMs: number
  rampS: number
}

const warmUp = { streams: 300, tokens: 60, gapMs: 20, rampS: 3 }

interface Measured {
  exact: number
  failed: number
  firstProblem: string | null
  firstContentMs: Percentiles
  totalMs: Percentiles
  toldFirstContentMs?: Percentiles
  cpuS: number
  /** Of `cpuS`: the main thread; the one that did most of the rest, with LLMChat the embedded database; the others. */
  threadsS: Threads
  cpuUsPerToken: number
  peakRssMb: number
  wallS: number
  driverCpuS: number
  simulatorCpuS: number
}

interface Threads {
  main: number
  second: number
  others: number
}

interface Percentiles {
  p50: number
  p95: number
  p99: number
}

type BenchTarget = Target & Partial<{ apiKey: string; agentId: string }>

interface Bench {
  simulator: Target
  targets: Map<string, BenchTarget>
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      streams: { type: 'string', default: '1000' },
      tokens: { type: 'string', default: '200' },
      gap: { type: 'string', default: '20' },
      ttft: { type: 'string', default: '100' },
      ramp: { type: 'string', default: '2' },
      targets: { type: 'string', default: 'direct,nginx,llmchat' },
      slope: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${help}\n`)
    return
  }
  const load: Load = {
    streams: Number(values.streams),
    tokens: Number(values.tokens),
    gapMs: Number(values.gap),
    ttftMs: Number(values.ttft),
    rampS: Number(values.ramp),
  }
  const bench = await openBench(values.targets.split(','))
  try {
    // Compiled code and warm caches: a server that has just started is not what runs all day.
    for (const [name, target] of bench.targets) await measure(bench, name, target, { ...load, ...warmUp })
    const report = await measureAll(bench, load)
    const slope = values.slope ? await measureSlopes(bench, load, Number(values.rounds)) : undefined
    process.stdout.write(`${JSON.stringify({ load, ...report, ...(slope ? { slope } : {}) })}\n`)
  } finally {
    for (const target of [...bench.targets.values()].reverse()) await target.close()
  }
}

async function openBench(names: readonly string[]): Promise<Bench> {
  const simulator = await startSimulator()
  const targets: Bench['targets'] = new Map([['direct', simulator]])
  if (names.includes('nginx')) targets.set('nginx', await startNginx(simulator.port))
  if (names.includes('llmchat')) targets.set('llmchat', await startLlmchat(simulator.port))
  return { simulator, targets }
}

async function measureAll(bench: Bench, load: Load): Promise<Record<string, unknown>> {
  const report: Record<string, unknown> = {}
  let direct: Measured | null = null
  for (const [name, target] of bench.targets) {
    const measured = await measure(bench, name, target, load)
    report[name] = direct ? { ...measured, ...toAdded(measured, direct) } : measured
    direct ??= measured
  }
  if (!direct) return report
  const machineShare = (direct.driverCpuS + direct.simulatorCpuS) / (direct.wallS * cpus().length)
  return { machineShareOfDirect: round(machineShare), counts: machineShare < 0.5, ...report, ...toRatio(report) }
}

function toAdded(measured: Measured, direct: Measured): object {
  return {
    addedFirstContentMs: subtract(measured.firstContentMs, direct.firstContentMs),
    addedTotalMs: subtract(measured.totalMs, direct.totalMs),
  }
}

function toRatio(report: Record<string, unknown>): object {
  const nginx = report['nginx'] as Measured | undefined
  const llmchat = report['llmchat'] as Measured | undefined
  return nginx && llmchat ? { cpuRatioToNginx: round(llmchat.cpuS / nginx.cpuS) } : {}
}

let seedBase = 1

async function measure(bench: Bench, name: string, target: BenchTarget, load: Load): Promise<Measured> {
  const plan: LoadPlan = {
    ...load,
    target: name === 'llmchat' ? 'llmchat' : 'openai',
    port: target.port,
    apiKey: target.apiKey ?? '',
    agentId: target.agentId ?? '',
    seedBase,
  }
  seedBase += load.streams
  const pids = await target.pids()
  const simulatorPids = await bench.simulator.pids()
  resetPeakRss(pids)
  const before = readCpuSeconds(pids)
  const threadsBefore = readThreadSeconds(pids)
  const simulatorBefore = readCpuSeconds(simulatorPids)
  const startMs = performance.now()
  const { stdout } = await run(process.execPath, [driver, JSON.stringify(plan)], { maxBuffer: 64 * 1024 * 1024 })
  const wallS = (performance.now() - startMs) / 1000
  const cpuS = readCpuSeconds(pids) - before
  const threadsS = toThreads(pids, threadsBefore, readThreadSeconds(pids))
  const found = JSON.parse(stdout) as LoadReport
  return {
    exact: found.exact,
    failed: found.failed,
    firstProblem: found.firstProblem,
    firstContentMs: toPercentiles(found.firstContentMs),
    totalMs: toPercentiles(found.totalMs),
    ...(found.toldFirstContentMs.length > 0 ? { toldFirstContentMs: toPercentiles(found.toldFirstContentMs) } : {}),
    cpuS: round(cpuS),
    threadsS,
    cpuUsPerToken: round((cpuS * 1e6) / (load.streams * load.tokens)),
    peakRssMb: readPeakRssMb(pids),
    wallS: round(wallS),
    driverCpuS: round(found.driverCpuS),
    simulatorCpuS: round(readCpuSeconds(simulatorPids) - simulatorBefore),
  }
}

function toThreads(pids: readonly number[], before: Map<number, number>, after: Map<number, number>): Threads {
  const used = [...after].map(([tid, seconds]) => ({ tid, seconds: seconds - (before.get(tid) ?? 0) }))
  const sum = (some: typeof used): number => some.reduce((total, one) => total + one.seconds, 0)
  const main = sum(used.filter(({ tid }) => pids.includes(tid)))
  const others = used.filter(({ tid }) => !pids.includes(tid))
  const second = Math.max(0, ...others.map(({ seconds }) => seconds))
  return { main: round(main), second: round(second), others: round(sum(others) - second) }
}

interface Slope {
  usPerToken: number
  /** Of it, by thread as in `threadsS`. */
  threadsUsPerToken: Threads
  msPerMessage: number
  peakRssMb: number
}

/**
 * CPU = slope × tokens + intercept × messages, from answers of 100 and of 400 tokens. Every round measures all targets,
 * so that what else the machine does hits them alike; the order of short and long changes, because what is measured
 * later has a fuller database and hotter code. Medians count.
 */
async function measureSlopes(bench: Bench, load: Load, rounds: number): Promise<object> {
  const found = new Map<string, Slope[]>(
    [...bench.targets.keys()].filter((name) => name !== 'direct').map((name) => [name, []]),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [name, slopes] of found) {
      const target = bench.targets.get(name)
      if (target) slopes.push(await measureSlope(bench, name, target, load, round % 2 === 1))
    }
  }
  const medians = Object.fromEntries([...found].map(([name, slopes]) => [name, toMedianSlope(slopes)]))
  const { nginx, llmchat } = medians
  const ratio = nginx && llmchat ? { ratio: round(llmchat.usPerToken / nginx.usPerToken) } : {}
  return { ...medians, ...ratio, rounds: Object.fromEntries(found) }
}

async function measureSlope(
  bench: Bench,
  name: string,
  target: BenchTarget,
  load: Load,
  isLongFirst: boolean,
): Promise<Slope> {
  const measureTokens = (tokens: number): Promise<Measured> => measure(bench, name, target, { ...load, tokens })
  const early = await measureTokens(isLongFirst ? 400 : 100)
  const late = await measureTokens(isLongFirst ? 100 : 400)
  const [short, long] = isLongFirst ? [late, early] : [early, late]
  const toPerToken = (shortS: number, longS: number): number => ((longS - shortS) * 1e6) / (load.streams * 300)
  const usPerToken = toPerToken(short.cpuS, long.cpuS)
  return {
    usPerToken: round(usPerToken),
    threadsUsPerToken: {
      main: round(toPerToken(short.threadsS.main, long.threadsS.main)),
      second: round(toPerToken(short.threadsS.second, long.threadsS.second)),
      others: round(toPerToken(short.threadsS.others, long.threadsS.others)),
    },
    msPerMessage: round((short.cpuS * 1e3) / load.streams - usPerToken / 10),
    peakRssMb: Math.max(short.peakRssMb, long.peakRssMb),
  }
}

function toMedianSlope(slopes: readonly Slope[]): Omit<Slope, 'threadsUsPerToken'> {
  return {
    usPerToken: toPercentiles(slopes.map((one) => one.usPerToken)).p50,
    msPerMessage: toPercentiles(slopes.map((one) => one.msPerMessage)).p50,
    peakRssMb: Math.max(...slopes.map((one) => one.peakRssMb)),
  }
}

function toPercentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -1)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

function subtract(a: Percentiles, b: Percentiles): Percentiles {
  return { p50: round(a.p50 - b.p50), p95: round(a.p95 - b.p95), p99: round(a.p99 - b.p99) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

await main()
