import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { OutboxItem } from './outbox-item.ts'
import { parseOutbox } from './parse-outbox.ts'

/** The durable list of messages on their way, in the order they were written. */
export interface Outbox {
  items: Pick<StoreApi<readonly OutboxItem[]>, 'getState' | 'getInitialState' | 'subscribe'>
  add: (item: OutboxItem) => void
  /** Replaces an item by what `change` makes of it; an unknown id changes nothing. */
  change: (id: string, change: (item: OutboxItem) => OutboxItem) => void
  remove: (id: string) => void
  close: () => void
}

export interface OutboxDeps {
  storage: Pick<Storage, 'getItem' | 'setItem'> | null
  userId: string
  /** Calls back with the key that another tab has written. */
  onForeignWrite: (listener: (key: string | null) => void) => () => void
}

/** Every write starts from what is stored, so that two tabs of one person do not erase each other's items. */
export function openOutbox({ storage, userId, onForeignWrite }: OutboxDeps): Outbox {
  const key = `llmchat.outbox.${userId}`
  const read = () => parseOutbox(storage?.getItem(key) ?? null)
  // False while what we have did not fit into the storage: then our own list is the one to go on from.
  let isKept = storage !== null
  const items = createStore<readonly OutboxItem[]>(read)
  const close = onForeignWrite((writtenKey) => {
    if (isKept && (writtenKey === key || writtenKey === null)) items.setState(read(), true)
  })

  function write(change: (current: readonly OutboxItem[]) => readonly OutboxItem[]): void {
    const next = change(isKept ? read() : items.getState())
    items.setState(next, true)
    const json = JSON.stringify(next)
    storage?.setItem(key, json)
    isKept = storage?.getItem(key) === json
  }

  return {
    items,
    add: (item) => write((current) => [...current, item]),
    change: (id, change) => write((current) => current.map((item) => (item.id === id ? change(item) : item))),
    remove: (id) => write((current) => current.filter((item) => item.id !== id)),
    close,
  }
}
