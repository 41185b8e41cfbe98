import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CacheOptions, CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import type { StatementAddition, Written } from '../db/statement-addition.ts'
import { prepareStatement, toReservation, type Verdict } from './reservation.ts'
import { forgetStatement, sweepStatement } from './settlement.ts'
import { toQuotaUse, toRefusal, type QuotaPlace } from './to-refusal.ts'

/** Tokens a message will take, as far as one can tell before. */
export interface TokenEstimate {
  input: number
  /** The agent may not write more; null: no such limit. */
  maxOutput: number | null
}

export interface Quotas {
  /**
   * Accepts a message within the quotas that apply. `write` sends the statement that accepts it, with the addition it is
   * given; where there are no quotas it is given none. Errors: `quota_exceeded`, `too_many_running`: nothing was written.
   */
  reserve(
    toEstimate: () => TokenEstimate,
    write: (addition: StatementAddition | null) => Promise<Written>,
  ): Promise<{ isWritten: boolean; warnings: QuotaUse[] }>
  /** Settles what no instance will; how many reservations. */
  sweep(): Promise<number>
  /** Removes counts of long ago. */
  forget(): Promise<void>
}

export interface QuotasDeps extends QuotaPlace {
  database: Database
  cache: Pick<CacheService, 'getOrSet'>
  clock: Clock
  /** What an answer is taken to write, where its agent is not held to less. */
  reservedOutputTokens: number
}

/** For whoever makes or deletes a quota. */
export const anyQuotasKey = 'quotas:any'

/** Asked with every message, and nearly always the same. */
const caching: CacheOptions = { scope: 'process', freshMs: 5000 }
/** Twice is a first message of a window; more is somebody deleting and making quotas meanwhile. */
const maxAttempts = 5
const write = { priority: 'write' } as const

export function createQuotas(deps: QuotasDeps): Quotas {
  const { database } = deps

  async function hasAny(): Promise<boolean> {
    const load = async () => {
      const row = await database.kysely.selectFrom('quotas').select('id').limit(1).executeTakeFirst()
      return row !== undefined
    }
    return (await deps.cache.getOrSet(anyQuotasKey, load, caching)) ?? false
  }

  async function prepare(verdicts: readonly Verdict[]): Promise<void> {
    const keys = [
      verdicts.map((one) => one.quotaId),
      verdicts.map((one) => one.windowKey),
      verdicts.map((one) => one.subjectId),
    ]
    await database.query(prepareStatement, keys, write)
  }

  function toReservedTokens({ input, maxOutput }: TokenEstimate): { input: number; output: number } {
    // A limit far above what answers are like would reserve far more than they take, and refuse what there is room for.
    return { input, output: Math.min(maxOutput ?? deps.reservedOutputTokens, deps.reservedOutputTokens) }
  }

  return {
    async reserve(toEstimate, send) {
      if (!(await hasAny())) return { isWritten: (await send(null)).isWritten, warnings: [] }
      const tokens = toReservedTokens(toEstimate())
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const nowMs = deps.clock.nowMs()
        const { isWritten, report } = await send(toReservation(deps.windows.toKeys(nowMs), tokens))
        // What our own addition reported; null where no quota applies.
        const verdicts = (report ?? []) as Verdict[]
        if (isWritten) {
          const passed = verdicts.filter((one) => one.isWarning)
          return { isWritten, warnings: passed.map((one) => toQuotaUse(one, deps, { nowMs, extra: one.amount })) }
        }
        const refused = verdicts.filter((one) => one.isRefused)
        if (refused.length > 0) throw toRefusal(refused, deps, nowMs)
        const unprepared = verdicts.filter((one) => !one.isPrepared)
        if (unprepared.length === 0) return { isWritten, warnings: [] }
        await prepare(unprepared)
      }
      throw new AppError('conflict', { message: 'Quotas are being changed. Try again.' })
    },
    async sweep() {
      const [row] = await database.query<{ swept: number }>(sweepStatement, [], write)
      return row?.swept ?? 0
    },
    async forget() {
      await database.query(forgetStatement, [], write)
    },
  }
}
