import type { Server } from 'node:http'
import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import type { Config } from './config/config.ts'
import type { GenerationRoom } from './generation/open-generation-room.ts'

interface DrainDeps {
  clock: Clock
  logger: Logger
  config: Config['drain'] & Pick<Config, 'host'>
  server: () => Server
  generations: Pick<GenerationRoom, 'drain' | 'resume'>
  /** Sends viewers that know how to come back to another instance, if there is one. */
  moveWatchers: () => Promise<void>
}

export interface Drain {
  /** From the first moment: /health/ready says 503 and connections close after their reply. */
  isDraining(): boolean
  /** When balancers had time to notice: everything but health is refused. */
  isRefusing(): boolean
  /** Resolves when nothing runs here any more. `isFinal`: the process is about to end. */
  begin(options: { isFinal: boolean }): Promise<void>
  /** Takes part again. */
  callOff(): void
}

/**
 * The way out: tell, wait until balancers have heard, stop listening, move the viewers, finish or hand over what runs.
 * Where balancers go by readiness (DRAIN_ACCEPT_MS > 0) a drained process that stays goes on listening, for its health is
 * asked there; behind nginx a closed port is what sends requests elsewhere.
 */
export function createDrain(deps: DrainDeps): Drain {
  const { config, logger } = deps
  let isDraining = false
  let isRefusing = false
  let address: { port: number } | null = null
  let underWay: Promise<void> | null = null
  let isEnding = false

  function stopListening(isFinal: boolean): void {
    const server = deps.server()
    if (!server.listening || (config.acceptMs > 0 && !isFinal)) return
    const bound = server.address()
    if (bound !== null && typeof bound === 'object') address = { port: bound.port }
    server.close()
    server.closeIdleConnections()
  }

  const wasCalledOff = (): boolean => !isDraining

  async function drain(isFinal: boolean): Promise<void> {
    if (!isDraining) {
      isDraining = true
      logger.info({ isFinal }, 'draining')
      await new Promise<void>((resolve) => deps.clock.setTimer(config.acceptMs, resolve))
      if (wasCalledOff()) return
    }
    isRefusing = true
    stopListening(isFinal)
    await deps.moveWatchers()
    await deps.generations.drain({ finishMs: config.finishMs })
    logger.info({ isFinal }, 'drained')
  }

  return {
    isDraining: () => isDraining,
    isRefusing: () => isRefusing,
    begin({ isFinal }) {
      if (underWay && !isFinal) return underWay
      isEnding ||= isFinal
      underWay = drain(isFinal)
      return underWay
    },
    callOff() {
      // A beat from before the end began may say otherwise.
      if (!isDraining || isEnding) return
      isDraining = false
      isRefusing = false
      underWay = null
      deps.generations.resume()
      if (address) deps.server().listen({ host: config.host, port: address.port, backlog: 4096 })
      address = null
      logger.info('drain called off')
    },
  }
}
