import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { openHealthProbes } from '../support/cluster/health-probes.ts'
import { openCluster, type Cluster } from '../support/cluster/open-cluster.ts'
import { seedUsers } from '../support/cluster/seed-users.ts'
import { openSimulatorProcess, type SimulatorProcess } from '../support/cluster/simulator-process.ts'
import { toOutboundEnv } from '../support/test-agents.ts'
import { openApiLoad, seedChats } from './api-load.ts'
import type { LoadPlan, LoadReport } from './load-driver.ts'
import { readClusterCpu } from './cluster-cpu.ts'
import { readCpuSeconds, startNginx } from './processes.ts'
import { countConnections, watchRedisCommands } from './redis-figures.ts'

const run = promisify(execFile)
const driver = fileURLToPath(new URL('./load-driver.js', import.meta.url))

const help = `Usage: npm run bench:sla -- [options]

Many streams through nginx to three instances on PostgreSQL and Redis, with requests to the API and health probes
meanwhile; the same streams straight to the upstream and through a lone nginx. Prints one JSON line; the exit code is 1
when a promised number was missed.

  --streams N     concurrent streams        (default 1000)
  --gap MS        between two tokens        (default 500)
  --seconds S     how long each stream is   (default 300; at least 5 more than --ramp)
  --ramp S        all streams have begun by (default 30)
  --api N         API requests per second   (default 50)
  --instances N   of the server             (default 3)
  --help
`

interface Load {
  streams: number
  tokens: number
  gapMs: number
  ttftMs: number
  rampS: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      streams: { type: 'string', default: '1000' },
      gap: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '300' },
      ramp: { type: 'string', default: '30' },
      api: { type: 'string', default: '50' },
      instances: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const [gapMs, seconds, rampS] = [Number(values.gap), Number(values.seconds), Number(values.ramp)]
  if (seconds < rampS + leastSteadyS) throw new Error(`--seconds must be at least --ramp and ${leastSteadyS}`)
  const streams = Number(values.streams)
  const load: Load = { streams, tokens: Math.round((seconds * 1000) / gapMs), gapMs, ttftMs: 500, rampS }
  const simulator = await openSimulatorProcess()
  let cluster: Cluster | null = null
  try {
    const direct = await measureDirect(simulator, load)
    const loneNginx = await measureLoneNginx(simulator, load)
    const agent = { id: 'bench', name: 'Bench', provider: 'openai', apiKey: 'sk-sim', model: 'sim' }
    cluster = await openCluster({
      instances: Number(values.instances),
      agents: [{ ...agent, baseUrl: simulator.baseUrl('openai') }],
      env: { ...toOutboundEnv(simulator), RATE_LIMIT_PER_MINUTE: '0', GENERATION_MAX_RUNNING: '5000' },
    })
    const measured = await measureCluster(cluster, load, Number(values.api))
    const report = toReport({ load, direct, loneNginx, measured })
    process.stdout.write(`${JSON.stringify(report)}\n`)
    if (report.missed.length > 0) process.exitCode = 1
  } finally {
    await cluster?.close()
    await simulator.close()
  }
}

/** For so long at least all streams run and none begins or ends: there a token's cost stands apart from a message's. */
const leastSteadyS = 5

function toSteady({ tokens, gapMs, ttftMs, rampS }: Load) {
  const steadyMs = tokens * gapMs - rampS * 1000 - 1000
  return {
    fromMs: rampS * 1000 + ttftMs + 1000,
    cpuMs: Math.min(10_000, steadyMs * 0.6),
    // After it: watching them costs Redis.
    commandsMs: Math.min(5_000, steadyMs * 0.3),
  }
}

/** CPU per token of these processes while all streams run. */
async function measureSteady<Key extends string>(
  load: Load,
  read: () => Record<Key, number>,
): Promise<Record<Key, number>> {
  const { fromMs, cpuMs } = toSteady(load)
  await delay(fromMs)
  const [before, startMs] = [read(), performance.now()]
  await delay(cpuMs)
  const [after, tokens] = [read(), (load.streams * (performance.now() - startMs)) / load.gapMs]
  const costs = Object.keys(before).map((key) => [
    key,
    round(((after[key as Key] - before[key as Key]) * 1e6) / tokens),
  ])
  return Object.fromEntries(costs) as Record<Key, number>
}

let seedBase = 1

async function drive(
  target: Pick<LoadPlan, 'target' | 'port' | 'apiKey' | 'agentId'>,
  load: Load,
): Promise<LoadReport> {
  const plan: LoadPlan = { ...load, ...target, seedBase }
  seedBase += load.streams
  const { stdout } = await run(process.execPath, [driver, JSON.stringify(plan)], { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout) as LoadReport
}

const upstream = (port: number) => ({ target: 'openai' as const, port, apiKey: '', agentId: '' })

/** Long enough for the first tokens of all and for a while with all of them, which is what is compared. */
function toShort(load: Load): Load {
  return { ...load, tokens: Math.min(load.tokens, Math.round(((load.rampS + 15) * 1000) / load.gapMs)) }
}

async function measureDirect(simulator: SimulatorProcess, load: Load) {
  const report = await drive(upstream(Number(new URL(simulator.url).port)), toShort(load))
  return { firstContentMs: toPercentiles(report.firstContentMs), failed: report.failed }
}

async function measureLoneNginx(simulator: SimulatorProcess, load: Load) {
  const short = toShort(load)
  const nginx = await startNginx(Number(new URL(simulator.url).port))
  try {
    const pids = await nginx.pids()
    const driving = drive(upstream(nginx.port), short)
    const { nginx: cpuUsPerToken } = await measureSteady(short, () => ({ nginx: readCpuSeconds(pids) }))
    const report = await driving
    return {
      cpuUsPerToken,
      firstContentMs: toPercentiles(report.firstContentMs),
      failed: report.failed,
    }
  } finally {
    await nginx.close()
  }
}

async function measureCluster(cluster: Cluster, load: Load, apiPerSecond: number) {
  const users = await seedUsers(cluster.databaseUrl, 50)
  await seedChats(cluster.databaseUrl, users, { sessions: 40, messages: 20 })
  const target = { target: 'llmchat' as const, port: cluster.nginx.port, apiKey: cluster.apiKey, agentId: 'bench' }
  // Compiled code and full pools: what has just started is not what runs all day.
  await drive(target, { ...load, streams: 200, tokens: 40, gapMs: 20, rampS: 4 })

  const before = readClusterCpu(cluster)
  const startMs = performance.now()
  const probes = openHealthProbes(cluster.instances, { everyMs: 100 })
  const api = openApiLoad(cluster.url, users, apiPerSecond)
  const driving = drive(target, load)
  const cpuUsPerToken = await measureSteady(load, () => readClusterCpu(cluster))
  const { commandsMs } = toSteady(load)
  const commands = await watchRedisCommands(cluster.redis.port, commandsMs)
  const connections = cluster.instances.map((instance) => ({
    redis: countConnections(instance.pid(), cluster.redis.port),
    postgres: countConnections(instance.pid(), cluster.postgres.port),
  }))
  const streams = await driving
  const [apiFindings, probeFindings] = [await api.stop(), await probes.stop()]
  const after = readClusterCpu(cluster)
  const tokensWatched = (load.streams * commandsMs) / load.gapMs
  return {
    streams: {
      exact: streams.exact,
      failed: streams.failed,
      firstProblem: streams.firstProblem,
      firstContentMs: toPercentiles(streams.firstContentMs),
    },
    api: {
      failed: apiFindings.failed,
      firstFailure: apiFindings.firstFailure,
      perSecond: round((Object.values(apiFindings.latenciesMs).flat().length * 1000) / (performance.now() - startMs)),
      all: toPercentiles(Object.values(apiFindings.latenciesMs).flat()),
      list: toPercentiles(apiFindings.latenciesMs.list),
      messages: toPercentiles(apiFindings.latenciesMs.messages),
      search: toPercentiles(apiFindings.latenciesMs.search),
    },
    probes: probeFindings.map(({ count, unanswered, slowestMs, statuses, latenciesMs }) => {
      return { count, unanswered, slowestMs: round(slowestMs), statuses, p99: toPercentiles(latenciesMs).p99 }
    }),
    redis: { ...commands, commandsPerToken: round(commands.byClients / tokensWatched) },
    connections,
    cpuUsPerToken,
    /** With the messages' beginnings and ends. */
    wholeRunUsPerToken: {
      instances: toUsPerToken(after.instances - before.instances, load),
      redis: toUsPerToken(after.redis - before.redis, load),
      postgres: toUsPerToken(after.postgres - before.postgres, load),
      nginx: toUsPerToken(after.nginx - before.nginx, load),
    },
  }
}

interface Findings {
  load: Load
  direct: Awaited<ReturnType<typeof measureDirect>>
  loneNginx: Awaited<ReturnType<typeof measureLoneNginx>>
  measured: Awaited<ReturnType<typeof measureCluster>>
}

function toReport({ load, direct, loneNginx, measured }: Findings) {
  const added = {
    p50: round(measured.streams.firstContentMs.p50 - direct.firstContentMs.p50),
    p95: round(measured.streams.firstContentMs.p95 - direct.firstContentMs.p95),
    p99: round(measured.streams.firstContentMs.p99 - direct.firstContentMs.p99),
  }
  const { instances, redis, postgres } = measured.cpuUsPerToken
  const cpuRatio = round((instances + redis + postgres) / loneNginx.cpuUsPerToken)
  const errors = (measured.streams.failed + measured.api.failed) / (load.streams + measured.api.all.count)
  const promises: [string, boolean][] = [
    ['errors < 0.1 %', errors < 0.001],
    ['added time to first token p95 < 50 ms', added.p95 < 50],
    ['API p50 < 50 ms', measured.api.all.p50 < 50],
    ['API p95 < 200 ms', measured.api.all.p95 < 200],
    ['API p99 < 500 ms', measured.api.all.p99 < 500],
    [
      'every health probe < 1 s',
      measured.probes.every(({ slowestMs, unanswered }) => slowestMs < 1000 && unanswered === 0),
    ],
    ['Redis connections per instance <= 4', measured.connections.every((one) => one.redis <= 4)],
    ['PostgreSQL connections per instance <= 50', measured.connections.every((one) => one.postgres <= 50)],
    // Promised at 50 ms between tokens: the slower they come, the fewer share one call.
    ['Redis commands per token <= 0.1', load.gapMs > 50 || measured.redis.commandsPerToken <= 0.1],
    ['CPU <= 2.5 x nginx', load.gapMs > 50 || cpuRatio <= 2.5],
  ]
  const missed = promises.filter(([, isKept]) => !isKept).map(([name]) => name)
  return { load, cores: cpus().length, missed, addedFirstContentMs: added, cpuRatio, direct, loneNginx, ...measured }
}

function toUsPerToken(cpuS: number, load: Load): number {
  return round((cpuS * 1e6) / (load.streams * load.tokens))
}

function toPercentiles(values: readonly number[]) {
  const sorted = [...values].sort((left, right) => left - right)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -1)
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

await main()
