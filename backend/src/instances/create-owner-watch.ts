import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/database.ts'

/** Tells which owners are gone, by what this process itself has seen of their beats. */
export interface OwnerWatch {
  /** Looks once; then `isLost` knows. */
  look(): Promise<void>
  /** True for an owner that ended, is not registered, or whose beat did not change for `deadAfterMs`. */
  isLost(instanceId: string): boolean
}

interface Seen {
  beatMs: number
  sinceMs: number
  isDead: boolean
}

export function createOwnerWatch(deps: { database: Database; clock: Clock; deadAfterMs: number }): OwnerWatch {
  let seen = new Map<string, Seen>()
  return {
    async look() {
      const rows = await deps.database.kysely
        .selectFrom('instances')
        .select(['id', 'heartbeat_at', 'dead_at'])
        .where('dead_at', 'is', null)
        .execute()
      const nowMs = deps.clock.monotonicMs()
      const next = new Map<string, Seen>()
      for (const row of rows) {
        const beatMs = row.heartbeat_at.getTime()
        const before = seen.get(row.id)
        const sinceMs = before?.beatMs === beatMs ? before.sinceMs : nowMs
        next.set(row.id, { beatMs, sinceMs, isDead: nowMs - sinceMs >= deps.deadAfterMs })
      }
      seen = next
    },
    isLost(instanceId) {
      const one = seen.get(instanceId)
      return one ? one.isDead : true
    },
  }
}

/** For a database that belongs to this process alone: whoever owned an answer before is gone. */
export const soleOwnerWatch: OwnerWatch = {
  look: () => Promise.resolve(),
  isLost: () => true,
}
