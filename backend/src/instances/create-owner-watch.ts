import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'

/** Declares instances dead, by what this process itself has seen of their beats: clocks are never compared. */
export interface OwnerWatch {
  /** Looks once; the ids that it declared dead now. */
  look(): Promise<string[]>
  /** After a gap of our own, what was seen before it proves nothing: the window starts anew. */
  reset(): void
}

interface Seen {
  beat: string
  sinceMs: number
}

const listStatement: Statement = {
  name: 'instance-list-beats',
  text: 'SELECT id, heartbeat_at::text AS beat FROM instances WHERE dead_at IS NULL AND id <> $1',
}

// Takes the row's lock and looks at the beat again: an instance that beats in this moment lives.
const declareStatement: Statement = {
  name: 'instance-declare-dead',
  text: `UPDATE instances SET dead_at = now() WHERE id = $1 AND heartbeat_at = $2::timestamptz AND dead_at IS NULL
    RETURNING id`,
}

const queryMs = 2_000
/** Looks that lie further apart than this were not a watch: the process slept, or the database was away. */
const maxGapMs = 2_500

interface WatchDeps {
  database: Database
  clock: Clock
  ownId: () => string
  /** A beat that did not change for so long is a death. */
  deadAfterMs: number
}

export function createOwnerWatch(deps: WatchDeps): OwnerWatch {
  let seen = new Map<string, Seen>()
  let lastLookMs = -Infinity

  async function look(): Promise<string[]> {
    const rows = await deps.database.queryApart<{ id: string; beat: string }>(listStatement, [deps.ownId()], queryMs)
    const nowMs = deps.clock.monotonicMs()
    if (nowMs - lastLookMs > maxGapMs) seen = new Map()
    lastLookMs = nowMs
    const next = new Map<string, Seen>()
    for (const { id, beat } of rows) {
      const before = seen.get(id)
      next.set(id, before?.beat === beat ? before : { beat, sinceMs: nowMs })
    }
    seen = next
    const silent = [...next].filter(([, one]) => nowMs - one.sinceMs >= deps.deadAfterMs)
    const dead: string[] = []
    for (const [id, { beat }] of silent) {
      const declared = await deps.database.queryApart<{ id: string }>(declareStatement, [id, beat], queryMs)
      if (declared.length > 0) dead.push(id)
    }
    return dead
  }

  return {
    look,
    reset() {
      seen = new Map()
    },
  }
}

const buryStatement: Statement = {
  name: 'instance-bury-others',
  text: 'UPDATE instances SET dead_at = now() WHERE dead_at IS NULL AND id <> $1',
}

/** For a database that belongs to this process alone: whoever was here before is gone. */
export async function buryOthers(deps: { database: Database }, ownId: string): Promise<void> {
  await deps.database.query(buryStatement, [ownId], { priority: 'write' })
}

const lookEveryMs = 500

/**
 * For a process without a shared log on a shared database: waits until whoever was here before is certainly dead. Errors:
 * `conflict` when another one lives.
 */
export async function refuseCompany(deps: WatchDeps): Promise<void> {
  const listBeats = async (): Promise<Map<string, string>> => {
    const rows = await deps.database.queryApart<{ id: string; beat: string }>(listStatement, [deps.ownId()], queryMs)
    return new Map(rows.map((row) => [row.id, row.beat]))
  }
  const first = await listBeats()
  const untilMs = deps.clock.monotonicMs() + deps.deadAfterMs
  while (first.size > 0 && deps.clock.monotonicMs() < untilMs) {
    await new Promise<void>((resolve) => deps.clock.setTimer(lookEveryMs, resolve))
    const now = await listBeats()
    if ([...first].every(([id, beat]) => now.get(id) === undefined || now.get(id) === beat)) continue
    throw new AppError('conflict', {
      message: 'Another instance uses this database. More than one needs REDIS_URL, the same for all.',
    })
  }
  await buryOthers(deps, deps.ownId())
}
