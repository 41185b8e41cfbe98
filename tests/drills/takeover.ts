import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterInstance } from '../support/cluster/open-cluster.ts'
import { countOwned } from './support/ledger.ts'
import {
  runDrillCommand,
  type DrillOptions,
  type Moment,
  type Scenario,
  type ScenarioFindings,
  type Stage,
} from './support/run-drill.ts'
import { toLiveAgain, type LiveAgain } from './support/silence.ts'

/** Short runs share the machine with other tests: they show that it happens, the full drill how fast. */
const liveAgainLimitMs = { full: 8_000, short: 30_000 }

/** Some answer ends within this time. */
const diesWithinMs = 60_000

/**
 * One instance is killed, one told to end, one stopped and continued, one cut off; each comes back. And apart from that,
 * because an answer may lose its owner three times: one dies after it has stored an answer, before it has told its end.
 */
export function toTakeoverScenarios({ isShort }: DrillOptions): Scenario[] {
  const waits = isShort
    ? { beforeMs: 2_000, awayMs: 9_000, stoppedMs: 10_000, betweenMs: 2_000, liveAgainLimitMs: liveAgainLimitMs.short }
    : { beforeMs: 5_000, awayMs: 12_000, stoppedMs: 20_000, betweenMs: 4_000, liveAgainLimitMs: liveAgainLimitMs.full }
  const rampMs = isShort ? 2_000 : 20_000
  return [
    {
      name: 'takeover',
      shape: {
        tokens: isShort ? 140 : 240,
        gapMs: 500,
        rampMs,
        trickle: { everyMs: isShort ? 1_000 : 500, forMs: isShort ? 60_000 : 90_000 },
      },
      settleMs: 200_000,
      mustAllComplete: false,
      longestSilenceMs: null,
      act: (stage) => act(stage, waits),
    },
    {
      name: 'lost-end',
      shape: { tokens: isShort ? 40 : 80, gapMs: 500, rampMs, trickle: { everyMs: 500, forMs: 30_000 } },
      settleMs: 200_000,
      mustAllComplete: false,
      longestSilenceMs: null,
      act: loseEnd,
    },
  ]
}

async function loseEnd({ cluster, note }: Stage): Promise<() => ScenarioFindings> {
  const [dying] = cluster.instances
  if (!dying) throw new Error('this drill needs an instance')
  await dying.kill('SIGTERM')
  note('instance 1 starts again, to die between a commit and its terminal event')
  await dying.start({ FAILPOINT: 'commit:after' })
  const end = await Promise.race([dying.exited(), delay(diesWithinMs, null, { ref: false })])
  note(`instance 1 is gone: ${end?.signal ?? 'not at all'}`)
  if (end) await dying.start()
  const violations = end?.signal === 'SIGKILL' ? [] : ['instance 1 did not die: the drill has shown nothing']
  return () => ({ figures: {}, violations })
}

interface Waits {
  beforeMs: number
  awayMs: number
  stoppedMs: number
  betweenMs: number
  liveAgainLimitMs: number
}

async function act({ cluster, fleet, note }: Stage, waits: Waits): Promise<() => ScenarioFindings> {
  const [killed, ended, stopped] = cluster.instances
  if (!killed || !ended || !stopped) throw new Error('this drill needs three instances')
  await delay(waits.beforeMs)
  const owned = await countOwned(cluster.databaseUrl)
  const ownedByKilled = owned.get(await findInstanceId(killed)) ?? 0
  const running = [...owned.values()].reduce((sum, count) => sum + count, 0)

  const kill = note(`SIGKILL to instance 1, which owns ${ownedByKilled} of ${running} running answers`)
  await killed.kill('SIGKILL')
  await delay(waits.awayMs)
  note('instance 1 starts again')
  await killed.start()
  await delay(waits.betweenMs)

  const end = note('SIGTERM to instance 2')
  await ended.kill('SIGTERM')
  const handedOver = note('instance 2 has ended and starts again')
  await ended.start()
  await delay(waits.betweenMs)

  const stop = note('SIGSTOP to instance 3')
  stopped.pause()
  await delay(waits.stoppedMs)
  note('SIGCONT to instance 3')
  stopped.resume()
  await delay(waits.betweenMs)
  const endAgain = note('SIGTERM to instance 3')
  await stopped.kill('SIGTERM')
  const handedOverAgain = note('instance 3 has ended and starts again')
  await stopped.start()
  await delay(waits.betweenMs)

  // It lives and writes on, and cannot hear that others take over from it: the fence alone keeps it out.
  const cut = note('instance 1 is cut off from PostgreSQL')
  killed.postgresWire?.cut()
  await delay(waits.awayMs)
  note('instance 1 reaches PostgreSQL again')
  killed.postgresWire?.heal()

  // What can make a run upstream begin once more.
  const losses = [kill, end, handedOver, stop, endAgain, handedOverAgain, cut].map(({ atMs }) => atMs)
  const toLiveAgainAfter = ({ atMs }: Moment): LiveAgain =>
    toLiveAgain(
      fleet.records,
      atMs,
      losses.filter((lossMs) => lossMs > atMs),
    )
  return () => {
    const liveAgainMs = toLiveAgainAfter(kill)
    const violations: string[] = []
    if (ownedByKilled === 0) violations.push('the killed instance owned nothing: the drill has shown nothing')
    if (liveAgainMs.max > waits.liveAgainLimitMs)
      violations.push(`a watcher was live again only ${liveAgainMs.max} ms after the SIGKILL`)
    const figures = {
      runningAtKill: running,
      ownedByKilled,
      liveAgainAfterSigkillMs: liveAgainMs,
      liveAgainAfterSigtermMs: toLiveAgainAfter(end),
      liveAgainAfterSigstopMs: toLiveAgainAfter(stop),
    }
    return { figures, violations }
  }
}

async function findInstanceId({ url }: ClusterInstance): Promise<string> {
  const response = await fetch(`${url}/health/detailed`)
  const body = (await response.json()) as { process?: { instanceId: string } }
  return body.process?.instanceId ?? ''
}

export const takeoverCommand = () =>
  runDrillCommand(toTakeoverScenarios, {
    name: 'takeover',
    streams: 1000,
    about: 'Instances are killed, ended and stopped in turn under running answers; the others go on with them.',
  })
