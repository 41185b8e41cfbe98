import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import type { GenerationRoom } from './generation/open-generation-room.ts'
import type { OwnerWatch } from './instances/create-owner-watch.ts'

interface MaintenanceDeps {
  clock: Clock
  logger: Logger
  everyMs: number
  generations: Pick<GenerationRoom, 'adoptLost' | 'sweepLogs'>
  watch: OwnerWatch
}

/** What an instance does beside its own answers: adopts those of lost owners, and heals logs without an end. */
export function openMaintenance(deps: MaintenanceDeps): { close: () => void } {
  let cancel = schedule()

  function schedule(): () => void {
    return deps.clock.setTimer(deps.everyMs, () => {
      tick()
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'maintenance failed'))
        .finally(() => {
          cancel = schedule()
        })
    })
  }

  async function tick(): Promise<void> {
    const { watch } = deps
    await watch.look()
    // A bounded number per tick: after a crash under load the rest is taken over at the next ones.
    await deps.generations.adoptLost((owner) => watch.isLost(owner))
    await deps.generations.sweepLogs()
  }

  return { close: () => cancel() }
}
