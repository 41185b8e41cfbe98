import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'

interface InstanceDeps {
  database: Database
  clock: Clock
  createId: CreateId
  logger: Logger
  version: string
  everyMs: number
  /** After so long without a good beat others may have declared this one dead. */
  deadAfterMs: number
  /** After a good beat; `isDraining`: an administrator wants it so. */
  onBeat: (told: { isDraining: boolean }) => void
  /** A beat failed: what this process has seen of others proves nothing any more. */
  onBeatFailed: () => void
  /** Others declared it dead: all it owned is theirs. Called before the new incarnation is there. */
  onDeclaredDead: () => void
}

/** This process among the instances: an incarnation id, new per start and after being declared dead, and a beat. */
export interface Instance {
  id(): string
  /** Nobody can have declared it dead: its last good beat began less than `deadAfterMs` ago. */
  isOwnershipCertain(): boolean
  markDraining(): Promise<void>
  /** Marks it as ended, so that nobody waits for its death. */
  close(): Promise<void>
}

const beatTimeoutMs = 2_000

const registerStatement: Statement = {
  name: 'instance-register',
  text: 'INSERT INTO instances (id, version) VALUES ($1, $2)',
}

const beatStatement: Statement = {
  name: 'instance-beat',
  text: `UPDATE instances SET heartbeat_at = clock_timestamp() WHERE id = $1 AND dead_at IS NULL
    RETURNING is_draining AS "isDraining"`,
}

const drainStatement: Statement = {
  name: 'instance-drain',
  text: 'UPDATE instances SET is_draining = true WHERE id = $1',
}

const endStatement: Statement = {
  name: 'instance-end',
  text: 'UPDATE instances SET dead_at = coalesce(dead_at, now()) WHERE id = $1',
}

/**
 * Registers this incarnation and keeps its beat, on a connection of its own. A failed beat is no loss: the database may
 * be away for a while. Only a beat that finds the row declared dead is one.
 */
export async function openInstance(deps: InstanceDeps): Promise<Instance> {
  const { database, logger, clock } = deps
  let id = deps.createId()
  let isClosed = false
  let lastGoodBeatMs = clock.monotonicMs()
  await register()
  let cancel = schedule()

  async function register(): Promise<void> {
    const startMs = clock.monotonicMs()
    await database.queryApart(registerStatement, [id, deps.version], beatTimeoutMs)
    lastGoodBeatMs = startMs
  }

  function schedule(): () => void {
    return clock.setTimer(deps.everyMs, () => {
      beat()
        .catch((error: unknown) => {
          logger.warn({ err: error }, 'heartbeat failed')
          deps.onBeatFailed()
        })
        .finally(() => {
          if (!isClosed) cancel = schedule()
        })
    })
  }

  async function beat(): Promise<void> {
    const startMs = clock.monotonicMs()
    const [row] = await database.queryApart<{ isDraining: boolean }>(beatStatement, [id], beatTimeoutMs)
    if (isClosed) return
    if (!row) return beginAnew()
    lastGoodBeatMs = startMs
    deps.onBeat(row)
  }

  async function beginAnew(): Promise<void> {
    logger.error({ former: id }, 'declared dead by another instance; going on as a new one')
    lastGoodBeatMs = -Infinity
    deps.onDeclaredDead()
    id = deps.createId()
    await register()
  }

  return {
    id: () => id,
    isOwnershipCertain: () => clock.monotonicMs() - lastGoodBeatMs < deps.deadAfterMs,
    async markDraining() {
      await database.queryApart(drainStatement, [id], beatTimeoutMs)
    },
    async close() {
      isClosed = true
      cancel()
      await database.queryApart(endStatement, [id], beatTimeoutMs)
    },
  }
}
