import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../../shared/api/api-error.ts'
import type { ClientErrorCode } from '../../../shared/api/api-error.ts'
import { createManualClock } from '../test-support/manual-clock.ts'
import { openOutboxDelivery } from './outbox-delivery.ts'
import { openOutbox } from './outbox.ts'
import type { OutboxItem } from './outbox-item.ts'

function createStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const values = new Map<string, string>()
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) }
}

const openBox = (storage: ReturnType<typeof createStorage> | null = createStorage()) =>
  openOutbox({ storage, userId: 'u', onForeignWrite: () => () => undefined })

const item = (id: string, sessionId = 's1'): OutboxItem => ({
  id,
  sessionId,
  text: `text of ${id}`,
  agentId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
})

const error = (code: ClientErrorCode, status: number, retryAfterMs: number | null = null) =>
  new ApiError({ code, message: code, requestId: 'r1', status, retryAfterMs })

function openDelivery() {
  const outbox = openBox()
  const clock = createManualClock()
  const attempts: { item: OutboxItem; settle: (error: ApiError | null) => void }[] = []
  const busy = new Set<string>()
  const losses: (number | null)[] = []
  let idCount = 0
  const delivery = openOutboxDelivery({
    outbox,
    clock,
    random: () => 0.5,
    createId: () => `new-${++idCount}`,
    submit: (sent) => new Promise((resolve) => attempts.push({ item: sent, settle: resolve })),
    canSend: (sessionId) => !busy.has(sessionId),
    onLost: (lost) => losses.push(lost ? lost.retryAtMs - clock.now() : null),
  })
  const settle = async (index: number, result: ApiError | null): Promise<void> => {
    attempts[index]?.settle(result)
    await vi.waitUntil(() => delivery.canTakeBack(attempts[index]?.item.id ?? ''))
  }
  return { outbox, clock, attempts, busy, losses, delivery, settle }
}

const listIds = (outbox: ReturnType<typeof openBox>) => outbox.items.getState().map(({ id }) => id)

describe('the outbox', () => {
  it('is there again after a reload, and leaves out what does not read as an item', () => {
    const storage = createStorage()
    openBox(storage).add(item('m1'))
    const stored = JSON.parse(storage.getItem('llmchat.outbox.u') ?? '[]') as unknown[]
    storage.setItem('llmchat.outbox.u', JSON.stringify([...stored, { id: 7 }, null]))
    expect(openBox(storage).items.getState()).toEqual([item('m1')])
    storage.setItem('llmchat.outbox.u', 'broken')
    expect(listIds(openBox(storage))).toEqual([])
  })

  it('keeps the files of a message, and leaves out an item whose files do not read as such', () => {
    const storage = createStorage()
    const file = { id: 'u1', name: 'a.png', mediaType: 'image/png', kind: 'image', sizeBytes: 3 } as const
    openBox(storage).add({ ...item('m1'), files: [file] })
    expect(openBox(storage).items.getState()).toEqual([{ ...item('m1'), files: [file] }])
    const broken = { ...item('m2'), files: [{ ...file, kind: 'other' }] }
    storage.setItem('llmchat.outbox.u', JSON.stringify([broken, item('m3')]))
    expect(listIds(openBox(storage))).toEqual(['m3'])
  })

  it('keeps what another tab has written', () => {
    const storage = createStorage()
    const [mine, theirs] = [openBox(storage), openBox(storage)]
    mine.add(item('m1'))
    theirs.add(item('m2'))
    mine.remove('m1')
    expect(listIds(openBox(storage))).toEqual(['m2'])
  })

  it('works without storage', () => {
    const outbox = openBox(null)
    outbox.add(item('m1'))
    expect(listIds(outbox)).toEqual(['m1'])
  })
})

describe('outbox delivery', () => {
  it('keeps an item until it is acknowledged, one per chat at a time', async () => {
    const { outbox, attempts, delivery, settle } = openDelivery()
    outbox.add(item('m1'))
    outbox.add(item('m2'))
    outbox.add(item('n1', 's2'))
    delivery.pump()
    expect(attempts.map((attempt) => attempt.item.id)).toEqual(['m1', 'n1'])
    expect(listIds(outbox)).toEqual(['m1', 'm2', 'n1'])
    await settle(0, null)
    expect(listIds(outbox)).toEqual(['m2', 'n1'])
    expect(attempts.map((attempt) => attempt.item.id)).toEqual(['m1', 'n1', 'm2'])
  })

  it('repeats the same id with back-off until the server answers, and tries at once when woken', async () => {
    const { outbox, attempts, clock, losses, delivery, settle } = openDelivery()
    outbox.add(item('m1'))
    delivery.pump()
    await settle(0, error('network', 0))
    expect(losses).toEqual([250])
    clock.advance(249)
    expect(attempts).toHaveLength(1)
    clock.advance(1)
    await settle(1, error('overloaded', 503, 5_000))
    expect(losses.at(-1)).toBeNull()
    clock.advance(4_999)
    expect(attempts).toHaveLength(2)
    delivery.wake()
    await settle(2, null)
    expect(attempts.map((attempt) => attempt.item.id)).toEqual(['m1', 'm1', 'm1'])
    expect(listIds(outbox)).toEqual([])
  })

  it('waits while an answer runs in the chat, and sends when it has ended', () => {
    const { outbox, attempts, busy, delivery } = openDelivery()
    busy.add('s1')
    outbox.add(item('m1'))
    delivery.pump()
    expect(attempts).toHaveLength(0)
    busy.clear()
    delivery.wake()
    expect(attempts).toHaveLength(1)
  })

  it('asks again after 409 generation_running, under a parent looked up anew', async () => {
    const { outbox, attempts, clock, delivery, settle } = openDelivery()
    outbox.add({ ...item('m1'), parentId: 'outdated' })
    delivery.pump()
    await settle(0, error('generation_running', 409))
    expect(outbox.items.getState()[0]).toEqual(item('m1'))
    clock.advance(3_000)
    expect(attempts).toHaveLength(2)
  })

  it('takes a new id when its own is used for something else', async () => {
    const { outbox, attempts, delivery, settle } = openDelivery()
    outbox.add(item('m1'))
    delivery.pump()
    await settle(0, error('message_id_conflict', 409))
    expect(attempts.map((attempt) => attempt.item.id)).toEqual(['m1', 'new-1'])
    expect(listIds(outbox)).toEqual(['new-1'])
  })

  it('keeps the text of a refused item, and goes on with the next', async () => {
    const { outbox, attempts, delivery, settle } = openDelivery()
    outbox.add(item('m1'))
    outbox.add(item('m2'))
    delivery.pump()
    await settle(0, error('agent_inactive', 409))
    expect(outbox.items.getState()[0]).toEqual({ ...item('m1'), failure: { code: 'agent_inactive', requestId: 'r1' } })
    expect(attempts.map((attempt) => attempt.item.id)).toEqual(['m1', 'm2'])
  })

  it('waits through a lost login', async () => {
    const { outbox, attempts, delivery, settle } = openDelivery()
    outbox.add(item('m1'))
    delivery.pump()
    await settle(0, error('unauthenticated', 401))
    expect(outbox.items.getState()).toEqual([item('m1')])
    delivery.wake()
    expect(attempts).toHaveLength(2)
  })

  it('does not give back an item that is on the wire, and stops when closed', async () => {
    const { outbox, attempts, clock, delivery, settle } = openDelivery()
    outbox.add(item('m1'))
    delivery.pump()
    expect(delivery.canTakeBack('m1')).toBe(false)
    await settle(0, error('network', 0))
    delivery.close()
    clock.advance(60_000)
    delivery.wake()
    expect(attempts).toHaveLength(1)
  })
})
