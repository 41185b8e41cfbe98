import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Database } from '../../db/database.ts'
import { readActs } from '../list-acts.ts'
import { advancePush, failPush, leasePush, listPushStates, type PushState } from './push-repository.ts'
import type { AuditReceiver } from './receiver.ts'

export interface AuditPush {
  /** How far each receiver is. */
  listStates(): Promise<PushState[]>
  /** Waits for what is being sent. */
  close(): Promise<void>
}

interface PushDeps {
  database: Database
  clock: Clock
  logger: Logger
  instanceId: () => string
}

const EVERY_MS = 2_000
const MAX_PAUSE_MS = 60_000

/**
 * Takes the audit log to its receivers: every entry at least once, in order, by one instance at a time. What a receiver
 * was sent twice has the same `seq`. One that is away is asked again after a pause that grows to a minute.
 */
export function openAuditPush(deps: PushDeps, receivers: readonly AuditReceiver[]): AuditPush {
  const { clock, logger } = deps
  const cancels = new Map<string, () => void>()
  const working = new Set<Promise<void>>()
  let isClosed = false

  async function push(receiver: AuditReceiver): Promise<void> {
    const afterSeq = await leasePush(deps, receiver.name, deps.instanceId())
    if (afterSeq === null) return
    for await (const entries of readActs(deps, { afterSeq })) {
      const last = entries.at(-1)
      if (isClosed || last === undefined) return
      await receiver.send(entries)
      if (!(await advancePush(deps, receiver.name, deps.instanceId(), last.seq))) return
    }
  }

  async function pushOrFail(receiver: AuditReceiver): Promise<boolean> {
    try {
      await push(receiver)
      return true
    } catch (error) {
      logger.warn({ err: error, receiver: receiver.name }, 'the audit log was not pushed')
      await failPush(deps, receiver.name, deps.instanceId()).catch(() => undefined)
      return false
    }
  }

  function schedule(receiver: AuditReceiver, pauseMs: number): void {
    if (isClosed) return
    const cancel = clock.setTimer(pauseMs, () => {
      const work = pushOrFail(receiver).then((isWell) =>
        schedule(receiver, isWell ? EVERY_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS)),
      )
      working.add(work)
      void work.finally(() => working.delete(work))
    })
    cancels.set(receiver.name, cancel)
  }

  for (const receiver of receivers) schedule(receiver, EVERY_MS)

  return {
    listStates: () =>
      listPushStates(
        deps,
        receivers.map(({ name }) => name),
      ),
    async close() {
      isClosed = true
      for (const cancel of cancels.values()) cancel()
      await Promise.all(working)
    },
  }
}
