import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import type { GenerationRoom } from './generation/open-generation-room.ts'
import type { OwnerWatch } from './instances/create-owner-watch.ts'

interface MaintenanceDeps {
  clock: Clock
  logger: Logger
  /** How often the others' beats are looked at. */
  watchEveryMs: number
  /** How often everything else is. */
  everyMs: number
  generations: Pick<GenerationRoom, 'adoptOrphans' | 'sweepLogs' | 'releaseStrays' | 'renewLogs'>
  /** Null: this instance is alone. */
  watch: OwnerWatch | null
  /** Tells the other instances that there are answers to take over. */
  ringOrphans: () => void
  /** Removes the rows of instances that ended long ago. */
  forgetDead: () => Promise<void>
  /** Removes logins, links and tickets that have expired. */
  forgetExpired: () => Promise<void>
  /** Settles reservations of answers that were deleted while they ran. */
  settleLost: () => Promise<void>
  /** Deletes files that nobody needs any more. */
  sweepUploads: () => Promise<void>
}

const tidyEveryMs = 10_000
/** What has expired counts for nothing anyway. */
const forgetEveryMs = 600_000

/** What an instance does beside its own answers: declares the silent dead, takes over from them, heals what they left. */
export function openMaintenance(deps: MaintenanceDeps): { close: () => void } {
  const { watch, generations } = deps

  function repeat(everyMs: number, work: () => Promise<void>): () => void {
    let isClosed = false
    let cancel = schedule()
    function schedule(): () => void {
      return deps.clock.setTimer(everyMs, () => {
        work()
          .catch((error: unknown) => deps.logger.warn({ err: error }, 'maintenance failed'))
          .finally(() => {
            if (!isClosed) cancel = schedule()
          })
      })
    }
    return () => {
      isClosed = true
      cancel()
    }
  }

  async function lookForDead(): Promise<void> {
    const dead = (await watch?.look()) ?? []
    for (const id of dead) deps.logger.warn({ instance: id }, 'an instance is silent and was declared dead')
    if (dead.length === 0) return
    deps.ringOrphans()
    await generations.adoptOrphans()
  }

  async function heal(): Promise<void> {
    await generations.renewLogs()
    await generations.adoptOrphans()
    await generations.sweepLogs()
  }

  async function tidy(): Promise<void> {
    await generations.releaseStrays()
    await deps.forgetDead()
    await deps.settleLost()
    await deps.sweepUploads()
  }

  const closers = [
    repeat(deps.everyMs, heal),
    repeat(tidyEveryMs, tidy),
    repeat(forgetEveryMs, deps.forgetExpired),
    ...(watch ? [repeat(deps.watchEveryMs, lookForDead)] : []),
  ]
  return {
    close() {
      for (const close of closers) close()
    },
  }
}
