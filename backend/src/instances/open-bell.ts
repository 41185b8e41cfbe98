import type { Logger } from '../base/logger.ts'
import type { RedisLink } from '../redis/redis-link.ts'

/** `stop`: of a generation's id. `orphans`: an instance has given generations up; without text. */
export type BellName = 'stop' | 'orphans'

/**
 * Wakes other instances at once. Only a hint: whoever rings has written what it means into the database before, and
 * whoever does not hear it finds it there at the next beat.
 */
export interface Bell {
  ring(name: BellName, text: string): void
  onRing(name: BellName, listener: (text: string) => void): Promise<void>
}

export function openBell(deps: { link: RedisLink; logger: Logger }): Bell {
  const { link } = deps
  return {
    ring(name, text) {
      if (!link.isUp()) return
      link.commands.publish(link.toKey(`bell:${name}`), text).catch((error: unknown) => {
        deps.logger.debug({ err: error }, 'bell was not rung')
      })
    },
    async onRing(name, listener) {
      await link.subscribe(`bell:${name}`, listener)
    },
  }
}

/** For an instance that is alone. */
export const silentBell: Bell = {
  ring: () => undefined,
  onRing: () => Promise.resolve(),
}
