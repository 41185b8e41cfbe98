import { setTimeout as delay } from 'node:timers/promises'
import { openHealthProbes } from '../support/cluster/health-probes.ts'
import type { WatchRecord } from './support/watch-record.ts'
import { runDrillCommand, type DrillOptions, type Scenario, type Stage } from './support/run-drill.ts'

/** PostgreSQL goes away in two ways. Running answers go on, new ones wait in the outbox, and all end complete. */
export function toPostgresScenarios({ isShort }: DrillOptions): Scenario[] {
  const awayMs = isShort ? 6_000 : 20_000
  const common = {
    shape: {
      tokens: isShort ? 50 : 120,
      gapMs: 500,
      rampMs: isShort ? 2_000 : 10_000,
      trickle: { everyMs: 500, forMs: isShort ? 12_000 : 40_000 },
    },
    settleMs: 150_000,
    mustAllComplete: true,
    longestSilenceMs: isShort ? 30_000 : 10_000,
  }
  return [
    {
      ...common,
      name: 'postgres-restart',
      act: (stage) =>
        goAway(stage, awayMs / 4, {
          what: 'PostgreSQL is restarted',
          breaksConnections: false,
          begin: () => stage.cluster.postgres.kill('SIGINT'),
          end: () => stage.cluster.postgres.start(),
        }),
    },
    {
      ...common,
      name: 'postgres-stop',
      exemptFromSilence: 'v1',
      act: (stage) =>
        goAway(stage, awayMs, {
          what: 'PostgreSQL is stopped (SIGSTOP)',
          breaksConnections: true,
          begin: async () => stage.cluster.postgres.pause(),
          end: async () => stage.cluster.postgres.resume(),
        }),
    },
  ]
}

interface Outage {
  what: string
  /** Half-way: every viewer must come back, and can, without the database. */
  breaksConnections: boolean
  begin(): Promise<void>
  end(): Promise<void>
}

async function goAway({ cluster, fleet, note }: Stage, awayMs: number, outage: Outage) {
  await delay(3_000)
  const probes = openHealthProbes(cluster.instances, { everyMs: 250 })
  const begin = note(outage.what)
  await outage.begin()
  await delay(awayMs / 2)
  const broken = outage.breaksConnections ? note('every connection through nginx breaks') : null
  if (broken) cluster.nginx.breakConnections()
  await delay(awayMs / 2)
  await outage.end()
  const end = note('PostgreSQL is there again')
  const away = await probes.stop()
  await delay(5_000)
  const ready = await Promise.all(cluster.instances.map(async ({ url }) => (await fetch(`${url}/health/ready`)).status))

  const violations: string[] = []
  away.forEach(({ statuses }, index) => {
    if (statuses['503'] === undefined) violations.push(`instance ${index + 1} said that it is ready without a database`)
  })
  if (ready.some((status) => status !== 200)) violations.push(`not ready 5 s after: ${JSON.stringify(ready)}`)
  const refusals = fleet.records.flatMap((record) => record.refusals)
  const without = refusals.filter(({ retryAfterMs }) => retryAfterMs === null)
  if (without.length > 0) violations.push(`${without.length} refusals did not say when to come again`)
  const duringMs = end.atMs - begin.atMs
  const contentDuring = fleet.records.reduce(
    (sum, { contentTimesMs }) => sum + contentTimesMs.filter((atMs) => atMs > begin.atMs && atMs < end.atMs).length,
    0,
  )
  if (contentDuring === 0) violations.push('no running answer went on meanwhile')
  const cameBack = broken ? countBack(fleet.records, broken.atMs, end.atMs) : null
  if (cameBack === 0) violations.push('nobody came back to a running answer without the database')
  const figures = {
    awayMs: duringMs,
    contentEventsPerSecondMeanwhile: Math.round((contentDuring * 1000) / duringMs),
    cameBackMeanwhile: cameBack,
    refusals: refusals.length,
    sentAgain: fleet.records.filter(({ sends }) => sends > 1).length,
    readyStatuses: away.map(({ statuses }) => statuses),
  }
  return () => ({ figures, violations })
}

/** People who saw something both before their connection broke and after it, while the database was still away. */
function countBack(records: readonly WatchRecord[], brokenAtMs: number, endAtMs: number): number {
  return records.filter(
    ({ plan, contentTimesMs }) =>
      plan.kind === 'chat' &&
      contentTimesMs.some((atMs) => atMs < brokenAtMs) &&
      contentTimesMs.some((atMs) => atMs > brokenAtMs && atMs < endAtMs),
  ).length
}

export const postgresCommand = () =>
  runDrillCommand(toPostgresScenarios, {
    name: 'postgres',
    streams: 300,
    about: 'PostgreSQL is restarted, and stopped for a while.',
  })
