import type { Database } from '../db/database.ts'
import { adoptRow, type AdoptDeps } from './adopt-generation.ts'
import { claimOrphans, listOwned, releaseGenerations } from './ownership-repository.ts'

interface AdoptionDeps extends Omit<AdoptDeps, 'release'> {
  database: Database
  instanceId: () => string
  /** How late the event loop runs, ms. */
  eventLoopDelayMs: () => number
  runsHere: (generationId: string) => boolean
  mayAdopt: () => boolean
}

export interface Adoption {
  /** Takes over running generations whose owner is gone; how many. */
  adoptOrphans(): Promise<number>
  /** Gives up what the database says is run here and is not: something failed between the two. */
  releaseStrays(): Promise<void>
}

/** So many are taken over at once: as rounds of half of them, so that a slow one in a round does not hold up all. */
const roundSize = 25
const roundsAtOnce = 2
/** An instance that runs so late has enough to do: others, or a later round, take over. */
const maxDelayMs = 1_000
/** What was accepted a moment ago may not run yet. */
const strayAfterMs = 10_000

export function openAdoption(deps: AdoptionDeps): Adoption {
  const store = { database: deps.database }
  const adoptDeps = {
    ...deps,
    release: (owned: { generationId: string; fence: number }) => releaseGenerations(store, [owned], { isLoss: false }),
  }
  let isAdopting = false
  /** Of the last look: id to fence. */
  let suspects = new Map<string, number>()

  /** Without the shared log nobody can be kept from writing on, so nobody is taken over from. */
  function canAdopt(): boolean {
    return deps.mayAdopt() && deps.eventLoopDelayMs() <= maxDelayMs && !deps.streamLog.isAway()
  }

  async function adoptInRounds(): Promise<number> {
    let adopted = 0
    while (canAdopt()) {
      const rows = await claimOrphans(store, deps.instanceId(), roundSize)
      await Promise.all(rows.map((row) => adoptRow(adoptDeps, row)))
      adopted += rows.length
      if (rows.length < roundSize) break
    }
    return adopted
  }

  async function adoptAll(): Promise<number> {
    const adopted = await Promise.all(Array.from({ length: roundsAtOnce }, adoptInRounds))
    return adopted.reduce((sum, count) => sum + count, 0)
  }

  return {
    async adoptOrphans() {
      // A bell during a round: what it means is found by the round, or by the next beat.
      if (isAdopting) return 0
      isAdopting = true
      return adoptAll().finally(() => {
        isAdopting = false
      })
    },
    async releaseStrays() {
      const owned = await listOwned(store, deps.instanceId(), strayAfterMs)
      const absent = owned.filter((one) => !deps.runsHere(one.generationId))
      // Between its claim and its first step here an adopted one looks like a stray: only who is absent twice is one.
      const strays = absent.filter(({ generationId, fence }) => suspects.get(generationId) === fence)
      suspects = new Map(absent.map(({ generationId, fence }) => [generationId, fence]))
      await releaseGenerations(store, strays, { isLoss: true })
    },
  }
}
