import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { openHealthProbes } from '../support/cluster/health-probes.ts'
import { openCluster, type Cluster } from '../support/cluster/open-cluster.ts'
import { seedUsers } from '../support/cluster/seed-users.ts'
import { openSimulatorProcess, type SimulatorProcess } from '../support/cluster/simulator-process.ts'
import { listProcessTree } from '../support/process-tree.ts'
import { toOutboundEnv } from '../support/test-agents.ts'
import { openApiLoad, seedChats } from './api-load.ts'
import type { LoadPlan, LoadReport } from './load-driver.ts'
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
  --seconds S     how long each stream is   (default 300)
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
  const gapMs = Number(values.gap)
  const load: Load = {
    streams: Number(values.streams),
    tokens: Math.round((Number(values.seconds) * 1000) / gapMs),
    gapMs,
    ttftMs: 500,
    rampS: Number(values.ramp),
  }
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

/** Long enough for the first tokens of all, which is what is compared. */
function toShort(load: Load): Load {
  return { ...load, tokens: Math.max(20, Math.min(load.tokens, Math.round(20_000 / load.gapMs))) }
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
    const before = readCpuSeconds(pids)
    const report = await drive(upstream(nginx.port), short)
    const cpuS = readCpuSeconds(pids) - before
    return {
      cpuUsPerToken: toUsPerToken(cpuS, short),
      firstContentMs: toPercentiles(report.firstContentMs),
      failed: report.failed,
    }
  } finally {
    await nginx.close()
  }
}

function listPids(cluster: Cluster) {
  return {
    instances: cluster.instances.flatMap((instance) => listProcessTree(instance.pid())),
    redis: listProcessTree(cluster.redis.pid()),
    postgres: listProcessTree(cluster.postgres.pid()),
    nginx: listProcessTree(cluster.nginx.pid()),
  }
}

async function measureCluster(cluster: Cluster, load: Load, apiPerSecond: number) {
  const users = await seedUsers(cluster.databaseUrl, 50)
  await seedChats(cluster.databaseUrl, users, { sessions: 40, messages: 20 })
  const target = { target: 'llmchat' as const, port: cluster.nginx.port, apiKey: cluster.apiKey, agentId: 'bench' }
  // Compiled code and full pools: what has just started is not what runs all day.
  await drive(target, { ...load, streams: 200, tokens: 40, gapMs: 20, rampS: 4 })

  const before = readCpu(cluster)
  const startMs = performance.now()
  const probes = openHealthProbes(cluster.instances, { everyMs: 100 })
  const api = openApiLoad(cluster.url, users, apiPerSecond)
  const driving = drive(target, load)
  const windowMs = Math.min(10_000, load.tokens * load.gapMs * 0.3)
  await delay(load.rampS * 1000 + load.ttftMs)
  const commands = await watchRedisCommands(cluster.redis.port, windowMs)
  const connections = cluster.instances.map((instance) => ({
    redis: countConnections(instance.pid(), cluster.redis.port),
    postgres: countConnections(instance.pid(), cluster.postgres.port),
  }))
  const streams = await driving
  const [apiFindings, probeFindings] = [await api.stop(), await probes.stop()]
  const after = readCpu(cluster)
  const tokensInWindow = (load.streams * windowMs) / load.gapMs
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
    redis: { ...commands, commandsPerToken: round(commands.byClients / tokensInWindow), windowMs },
    connections,
    cpuUsPerToken: {
      instances: toUsPerToken(after.instances - before.instances, load),
      redis: toUsPerToken(after.redis - before.redis, load),
      postgres: toUsPerToken(after.postgres - before.postgres, load),
      nginx: toUsPerToken(after.nginx - before.nginx, load),
    },
  }
}

function readCpu(cluster: Cluster) {
  const pids = listPids(cluster)
  return {
    instances: readCpuSeconds(pids.instances),
    redis: readCpuSeconds(pids.redis),
    postgres: readCpuSeconds(pids.postgres),
    nginx: readCpuSeconds(pids.nginx),
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
