import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/database.ts'

interface InstanceDeps {
  database: Database
  clock: Clock
  createId: CreateId
  logger: Logger
  version: string
  everyMs: number
}

/** This process among the instances: a new incarnation id per start, and a beat in the database. */
export interface Instance {
  readonly id: string
  markDraining(): Promise<void>
  close(): Promise<void>
}

/** Registers this incarnation and keeps its beat. A failed beat is not a loss: the database may be away for a while. */
export async function openInstance(deps: InstanceDeps): Promise<Instance> {
  const { database, logger } = deps
  const id = deps.createId()
  await database.kysely.insertInto('instances').values({ id, version: deps.version }).execute()
  let cancel = schedule()

  function schedule(): () => void {
    return deps.clock.setTimer(deps.everyMs, () => {
      beat()
        .catch((error: unknown) => logger.warn({ err: error }, 'heartbeat failed'))
        .finally(() => {
          cancel = schedule()
        })
    })
  }

  async function beat(): Promise<void> {
    const statement = {
      name: 'instance-beat',
      text: 'UPDATE instances SET heartbeat_at = now() WHERE id = $1 AND dead_at IS NULL',
    }
    await database.query(statement, [id], { priority: 'write' })
  }

  return {
    id,
    async markDraining() {
      await database.kysely.updateTable('instances').set({ is_draining: true }).where('id', '=', id).execute()
    },
    async close() {
      cancel()
      await database.kysely.updateTable('instances').set({ dead_at: new Date() }).where('id', '=', id).execute()
    },
  }
}
