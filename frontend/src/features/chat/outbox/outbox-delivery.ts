import type { ApiError } from '../../../shared/api/api-error.ts'
import { isRetryable } from '../../../shared/api/create-query-client.ts'
import { findQuota } from '../../../shared/quota/quota-text.ts'
import { toBackOffMs } from '../stream/back-off.ts'
import type { Clock } from '../stream/clock.ts'
import type { OutboxItem } from './outbox-item.ts'
import type { Outbox } from './outbox.ts'

/** How long to wait before asking again whether another answer in the same chat has ended. */
const busyRetryMs = 3_000

export interface OutboxDelivery {
  /** Sends what can be sent now. */
  pump: () => void
  /** Ends every wait and sends: the network is back, or an answer has ended. */
  wake: () => void
  /** Lets an item go: cancelled, or taken back to be edited. False when it is already on the wire. */
  canTakeBack: (id: string) => boolean
  close: () => void
}

export interface OutboxDeliveryDeps {
  outbox: Outbox
  clock: Clock
  random: () => number
  createId: () => string
  /** One attempt. Null: acknowledged. Never fails. */
  submit: (item: OutboxItem, isRepeat: boolean) => Promise<ApiError | null>
  /** False while an answer runs in that chat. */
  canSend: (sessionId: string) => boolean
  /** When the next attempt comes after the server was not reached; null: it was reached. */
  onLost: (lost: { retryAtMs: number } | null) => void
}

/** One message per chat at a time, chats side by side; each is repeated until acknowledged or refused for good. */
export function openOutboxDelivery(deps: OutboxDeliveryDeps): OutboxDelivery {
  const { outbox, clock } = deps
  const sending = new Set<string>()
  const waits = new Map<string, () => void>()
  const failures = new Map<string, number>()
  const attempted = new Set<string>()
  let isClosed = false

  function pump(): void {
    const heads = new Map<string, OutboxItem>()
    for (const item of outbox.items.getState()) {
      if (!item.failure && !heads.has(item.sessionId)) heads.set(item.sessionId, item)
    }
    for (const item of heads.values()) {
      const isTaken = sending.has(item.id) || waits.has(item.id)
      if (!isClosed && !isTaken && deps.canSend(item.sessionId)) void attempt(item)
    }
  }

  async function attempt(item: OutboxItem): Promise<void> {
    sending.add(item.id)
    const error = await deps.submit(item, attempted.has(item.id))
    attempted.add(item.id)
    sending.delete(item.id)
    if (isClosed) return
    if (error?.code !== 'network') deps.onLost(null)
    if (error) settle(item, error)
    else {
      failures.delete(item.id)
      attempted.delete(item.id)
      outbox.remove(item.id)
      pump()
    }
  }

  function settle(item: OutboxItem, error: ApiError): void {
    if (error.code === 'message_id_conflict') {
      outbox.change(item.id, (current) => ({ ...current, id: deps.createId() }))
      pump()
    } else if (error.code === 'generation_running') {
      outbox.change(item.id, ({ parentId: _outdated, ...current }) => current)
      wait(item.id, busyRetryMs)
    } else if (error.status === 401 || isRetryable(error)) {
      backOff(item, error)
    } else {
      const { code, requestId } = error
      const quota = findQuota(error.details)
      const failure = { code, requestId, ...(quota ? { quota } : {}) }
      outbox.change(item.id, (current) => ({ ...current, failure }))
      pump()
    }
  }

  function backOff(item: OutboxItem, error: ApiError): void {
    const count = failures.get(item.id) ?? 0
    failures.set(item.id, count + 1)
    const delayMs = Math.max(error.retryAfterMs ?? 0, toBackOffMs(count, deps.random()))
    if (error.code === 'network') deps.onLost({ retryAtMs: clock.now() + delayMs })
    wait(item.id, delayMs)
  }

  function wait(id: string, delayMs: number): void {
    const cancel = clock.schedule(() => {
      waits.delete(id)
      pump()
    }, delayMs)
    waits.set(id, cancel)
  }

  function clearWaits(): void {
    for (const cancel of waits.values()) cancel()
    waits.clear()
  }

  return {
    pump,
    wake() {
      clearWaits()
      pump()
      if (sending.size === 0) deps.onLost(null)
    },
    canTakeBack: (id) => !sending.has(id),
    close() {
      isClosed = true
      clearWaits()
    },
  }
}
