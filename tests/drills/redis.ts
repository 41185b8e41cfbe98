import { setTimeout as delay } from 'node:timers/promises'
import { openHealthProbes, type ProbeFindings } from '../support/cluster/health-probes.ts'
import { runDrillCommand, type DrillOptions, type Scenario, type Stage } from './support/run-drill.ts'

const probeEveryMs = 500

/** Redis goes away in three ways. Nobody loses an owner by it, so every answer ends complete. */
export function toRedisScenarios({ isShort }: DrillOptions): Scenario[] {
  const awayMs = isShort ? 8_000 : 30_000
  const common = {
    shape: {
      tokens: isShort ? 60 : 160,
      gapMs: 500,
      rampMs: isShort ? 2_000 : 10_000,
      trickle: { everyMs: 1_000, forMs: isShort ? 15_000 : 50_000 },
    },
    settleMs: 150_000,
    mustAllComplete: true,
    longestSilenceMs: isShort ? 30_000 : 10_000,
  }
  return [
    {
      ...common,
      name: 'redis-kill',
      act: (stage) =>
        goAway(stage, {
          what: 'Redis is killed, to come back empty',
          affected: [0, 1, 2],
          awayMs: awayMs / 3,
          begin: ({ cluster }) => cluster.redis.kill(),
          end: ({ cluster }) => cluster.redis.start(),
        }),
    },
    {
      ...common,
      name: 'redis-stop',
      act: (stage) =>
        goAway(stage, {
          what: 'Redis is stopped (SIGSTOP)',
          affected: [0, 1, 2],
          awayMs,
          begin: async ({ cluster }) => cluster.redis.pause(),
          end: async ({ cluster }) => cluster.redis.resume(),
        }),
    },
    {
      ...common,
      name: 'redis-cut',
      act: (stage) =>
        goAway(stage, {
          what: 'instance 1 is cut off from Redis',
          affected: [0],
          awayMs,
          begin: async ({ cluster }) => cluster.instances[0]?.redisWire?.cut(),
          end: async ({ cluster }) => cluster.instances[0]?.redisWire?.heal(),
        }),
    },
  ]
}

interface Outage {
  what: string
  /** Which instances are to say that they are degraded. */
  affected: readonly number[]
  awayMs: number
  begin(stage: Stage): Promise<void>
  end(stage: Stage): Promise<void>
}

async function goAway(stage: Stage, outage: Outage) {
  await delay(3_000)
  const during = openHealthProbes(stage.cluster.instances, { everyMs: probeEveryMs })
  stage.note(outage.what)
  await outage.begin(stage)
  await delay(outage.awayMs)
  const away = await during.stop()
  stage.note('Redis is there again')
  await outage.end(stage)
  // Half a minute is more than any back-off between two attempts to connect.
  await delay(outage.awayMs / 2)
  const after = openHealthProbes(stage.cluster.instances, { everyMs: probeEveryMs })
  await delay(4 * probeEveryMs)
  const back = await after.stop()
  return () => ({ figures: { away: toFigures(away), back: toFigures(back) }, violations: judge(outage, away, back) })
}

function judge(outage: Outage, away: readonly ProbeFindings[], back: readonly ProbeFindings[]): string[] {
  const violations: string[] = []
  away.forEach((finding, index) => {
    const who = `instance ${index + 1}`
    if (Object.keys(finding.statuses).some((status) => status !== '200') || finding.unanswered > 0)
      violations.push(`${who} was not ready all the time: ${JSON.stringify(finding.statuses)}`)
    const isAffected = outage.affected.includes(index)
    if (isAffected && finding.degraded === 0) violations.push(`${who} never said that it is degraded`)
    if (!isAffected && finding.degraded > 0) violations.push(`${who} said that it is degraded and was not`)
  })
  back.forEach((finding, index) => {
    if (finding.degraded > 0) violations.push(`instance ${index + 1} is degraded although Redis is there`)
  })
  return violations
}

function toFigures(findings: readonly ProbeFindings[]): object[] {
  return findings.map(({ count, unanswered, degraded, slowestMs, statuses }) => {
    return { probes: count, unanswered, degraded, slowestMs: Math.round(slowestMs), statuses }
  })
}

export const redisCommand = () =>
  runDrillCommand(toRedisScenarios, {
    name: 'redis',
    streams: 300,
    about: 'Redis is killed and comes back empty; is stopped; and one instance is cut off from it.',
  })
