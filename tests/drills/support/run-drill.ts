import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openCluster, type Cluster } from '../../support/cluster/open-cluster.ts'
import { openSimulatorProcess } from '../../support/cluster/simulator-process.ts'
import { seedUsers } from '../../support/cluster/seed-users.ts'
import { toOutboundEnv } from '../../support/test-agents.ts'
import { drillAgents, toDrillAgents } from './drill-agents.ts'
import { launchFleet, toPlans, type Fleet, type FleetShape } from './fleet.ts'
import { closeLedger, countAdoptions, waitForClosedLogs } from './ledger.ts'
import type { WatchPlan, WatchRecord } from './watch-record.ts'
import { toSilences, type Percentiles } from './silence.ts'

/** A sweeper's few rounds. */
const sweepLimitMs = 15_000

export const guards = ['adoption', 'fence', 'seal', 'sweeper'] as const
export type Guard = (typeof guards)[number]

export interface DrillOptions {
  streams: number
  /** Takes one of our guards away on every instance: the drill must then fail. */
  break: Guard | null
  /** Shorter waits and answers, for tests. */
  isShort: boolean
  /** Where the instances' logs and what each watcher saw are kept, to find out why; null: nowhere. */
  keepIn: string | null
}

export interface Moment {
  atMs: number
  what: string
}

/** A drill's own part: what is done to the cluster meanwhile, and what must be true besides the ledger. */
export interface Scenario {
  name: string
  shape: Pick<FleetShape, 'tokens' | 'gapMs' | 'rampMs' | 'trickle'>
  /** How long after the last fault everything must have ended. */
  settleMs: number
  /** No owner is lost in it: whatever else happens, every answer must end complete. */
  mustAllComplete: boolean
  /** The longest that a watcher may have seen nothing; null: not judged. */
  longestSilenceMs: number | null
  /** Who is not judged by it: to be told an answer again, a `/v1` client needs the database. */
  exemptFromSilence?: WatchPlan['kind']
  /** What it returns is called when all watchers have ended. */
  act(stage: Stage): Promise<() => ScenarioFindings>
}

export interface Stage {
  cluster: Cluster
  fleet: Fleet
  /** Writes down what is being done. */
  note: (what: string) => Moment
}

export interface ScenarioFindings {
  figures: Record<string, unknown>
  violations: string[]
}

export interface DrillReport extends ScenarioFindings {
  drill: string
  streams: number
  break: Guard | null
  passed: boolean
  seconds: number
  timeline: Moment[]
  ledger: Awaited<ReturnType<typeof closeLedger>>
  adoptions: number
  /** The longest time without content, per watcher, after the first; ms. */
  silenceMs: Percentiles
  resumes: number
}

/** Opens a cluster of three, lets the scenario happen under load, and closes the ledger. */
export async function runDrill(scenario: Scenario, options: DrillOptions): Promise<DrillReport> {
  const simulator = await openSimulatorProcess()
  const env = {
    ...toOutboundEnv(simulator),
    RATE_LIMIT_PER_MINUTE: '0',
    GENERATION_OVERLOAD_DELAY_MS: '20000',
    ...(options.break === null ? {} : { DRILL_DISABLE: options.break }),
    ...(options.keepIn === null ? {} : { LOG_LEVEL: 'info' }),
  }
  let cluster: Cluster | null = null
  try {
    cluster = await openCluster({ instances: 3, hasWires: true, env, agents: toDrillAgents(simulator) })
    return await runOn(cluster, scenario, options)
  } finally {
    if (cluster && options.keepIn !== null) await keepLogs(cluster, options.keepIn)
    await cluster?.close()
    await simulator.close()
  }
}

async function keepLogs(cluster: Cluster, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await Promise.all(
    cluster.instances.map(({ logFile }, index) => copyFile(logFile, join(directory, `instance-${index + 1}.log`))),
  )
}

async function keepRecords(records: readonly WatchRecord[], directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'watchers.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
}

async function runOn(cluster: Cluster, scenario: Scenario, options: DrillOptions): Promise<DrillReport> {
  const users = await seedUsers(cluster.databaseUrl, Math.max(1, Math.ceil(options.streams / 10)))
  const plans = toPlans({
    ...scenario.shape,
    streams: options.streams,
    apiKeys: users.map(({ apiKey }) => apiKey),
    agents: drillAgents,
    seedBase: 1,
    lateFirstTokenMs: options.isShort ? 20_000 : 45_000,
  })
  const startMs = performance.now()
  const timeline: Moment[] = []
  const fleet = launchFleet(cluster.url, plans)
  const note = (what: string): Moment => {
    const moment = { atMs: Math.round(performance.now()), what }
    timeline.push({ ...moment, atMs: Math.round(moment.atMs - startMs) })
    process.stderr.write(`${((performance.now() - startMs) / 1000).toFixed(1).padStart(7)} s  ${what}\n`)
    return moment
  }
  await delay(scenario.shape.rampMs)
  const judge = await scenario.act({ cluster, fleet, note })
  await fleet.settle(scenario.settleMs)
  note('all watchers have ended, or were given up')
  if (options.keepIn !== null) await keepRecords(fleet.records, options.keepIn)
  // The last terminal event reaches its watcher before the log's end reaches the database.
  await waitForClosedLogs(cluster.databaseUrl, sweepLimitMs)
  const ledger = await closeLedger(cluster.databaseUrl, fleet.records)
  const findings = judge()
  const judged = fleet.records.filter(({ plan }) => plan.kind !== scenario.exemptFromSilence)
  const silenceMs = toSilences(judged)
  const violations = [...ledger.violations, ...findings.violations, ...toViolations(scenario, ledger, silenceMs)]
  return {
    drill: scenario.name,
    streams: options.streams,
    break: options.break,
    passed: violations.length === 0,
    seconds: Math.round((performance.now() - startMs) / 1000),
    timeline,
    figures: findings.figures,
    ledger,
    adoptions: await countAdoptions(cluster.databaseUrl),
    silenceMs,
    resumes: fleet.records.reduce((sum, record) => sum + record.resumes, 0),
    violations,
  }
}

function toViolations(scenario: Scenario, ledger: DrillReport['ledger'], silenceMs: Percentiles): string[] {
  const violations: string[] = []
  const incomplete = ledger.interrupted + ledger.failed
  if (scenario.mustAllComplete && incomplete > 0)
    violations.push(`${incomplete} answers ended early although no owner was lost`)
  const { longestSilenceMs } = scenario
  if (longestSilenceMs !== null && silenceMs.max > longestSilenceMs)
    violations.push(`a watcher saw nothing for ${silenceMs.max} ms, more than ${longestSilenceMs}`)
  if (ledger.accepted < ledger.sent) violations.push(`${ledger.sent - ledger.accepted} messages were never accepted`)
  return violations
}

/** The command line of every drill; the exit code is 1 when anything was violated. */
export async function runDrillCommand(
  toScenarios: (options: DrillOptions) => Scenario[],
  defaults: { name: string; streams: number; about: string },
): Promise<void> {
  const { values } = parseArgs({
    options: {
      streams: { type: 'string', default: String(defaults.streams) },
      break: { type: 'string' },
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const guard = guards.find((name) => name === values.break) ?? null
  if (values.help || (values.break !== undefined && guard === null)) {
    process.stdout.write(toHelp(defaults))
    process.exitCode = values.help ? 0 : 2
    return
  }
  const keepIn = values.keep ?? null
  const options = { streams: Number(values.streams), break: guard, isShort: values.short, keepIn }
  const scenarios = toScenarios(options).filter(({ name }) => values.only === undefined || name === values.only)
  for (const scenario of scenarios) {
    process.stderr.write(`\n${scenario.name}: ${options.streams} streams on three instances\n`)
    const report = await runDrill(scenario, options)
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : toText(report))
    if (!report.passed) process.exitCode = 1
  }
}

function toHelp({ name, streams, about }: { name: string; streams: number; about: string }): string {
  return `Usage: npm run drill:${name} -- [options]

${about}

  --streams N     running answers (default ${streams})
  --break GUARD   take one of our guards away (${guards.join(', ')}): the drill must then fail
  --only NAME     one of its scenarios
  --short         shorter answers and waits
  --json          one JSON line for each scenario
  --keep DIR      keep the instances' logs, and what each watcher saw, in that folder
  --help
`
}

function toText(report: DrillReport): string {
  const { violations, byAgent, ...counts } = report.ledger
  const lines = [
    `${report.drill}: ${report.passed ? 'PASSED' : 'FAILED'} in ${report.seconds} s`,
    ...Object.entries(counts).map(([name, value]) => `  ${name.padEnd(20)}${value}`),
    ...Object.entries(byAgent).map(([agent, states]) => `  ${agent.padEnd(20)}${JSON.stringify(states)}`),
    `  ${'adoptions'.padEnd(20)}${report.adoptions}`,
    `  ${'connections again'.padEnd(20)}${report.resumes}`,
    `  ${'longest silence'.padEnd(20)}${JSON.stringify(report.silenceMs)} ms`,
    ...Object.entries(report.figures).map(([name, value]) => `  ${name.padEnd(20)}${JSON.stringify(value)}`),
    ...[...new Set([...violations, ...report.violations])].map((one) => `  VIOLATION ${one}`),
  ]
  return `\n${lines.join('\n')}\n`
}
