import { describe, expect, it } from 'vitest'
import { openOutbox } from './outbox.ts'
import type { OutboxItem } from './outbox-item.ts'

/** As a browser's: what is beyond its room is not kept, and nothing of it. */
function createStorage(maxChars: number) {
  const values = new Map<string, string>()
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > maxChars) values.delete(key)
      else values.set(key, value)
    },
  }
}

function createItem(id: string, text: string): OutboxItem {
  return { id, sessionId: 's1', text, agentId: null, createdAt: '2026-01-01T00:00:00.000Z' }
}

function open(storage: ReturnType<typeof createStorage> | null) {
  const outbox = openOutbox({ storage, userId: 'u1', onForeignWrite: () => () => undefined })
  return { outbox, listIds: () => outbox.items.getState().map((item) => item.id) }
}

describe('openOutbox', () => {
  it('is found again by the next visit', () => {
    const storage = createStorage(10_000)
    open(storage).outbox.add(createItem('a', 'hello'))
    expect(open(storage).listIds()).toEqual(['a'])
  })

  it('loses nothing of this visit when a message does not fit into the storage', () => {
    const storage = createStorage(1_000)
    const { outbox, listIds } = open(storage)
    outbox.add(createItem('small', 'hello'))
    outbox.add(createItem('large', 'x'.repeat(5_000)))
    outbox.change('large', (item) => ({ ...item, failure: { code: 'body_too_large', requestId: null } }))
    outbox.add(createItem('next', 'and this'))
    expect(listIds()).toEqual(['small', 'large', 'next'])
    expect(outbox.items.getState()[1]).toMatchObject({ failure: { code: 'body_too_large' } })
    outbox.remove('large')
    // It fits again, and is kept again.
    expect(open(storage).listIds()).toEqual(['small', 'next'])
  })

  it('works without any storage', () => {
    const { outbox, listIds } = open(null)
    outbox.add(createItem('a', 'one'))
    outbox.add(createItem('b', 'two'))
    outbox.remove('a')
    expect(listIds()).toEqual(['b'])
  })
})
