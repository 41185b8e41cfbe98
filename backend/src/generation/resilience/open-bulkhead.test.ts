import { setMaxListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../../tests/support/create-manual-clock.ts'
import { isWorthTelling, openBulkhead, type Entry, type Slot } from './open-bulkhead.ts'

const agent = { id: 'a', maxConcurrent: 2 }
const never = new AbortController().signal
setMaxListeners(0, never)
const ignore = (): void => undefined

function asSlot(entry: Entry): Slot {
  if (entry.kind !== 'slot') throw new Error(entry.kind)
  return entry
}

describe('openBulkhead', () => {
  it('holds the limit, serves in order and frees each place once, whatever comes and goes', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'enter' as const }),
      fc.record({ kind: fc.constant('release' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), async (steps, limit) => {
        const bulkhead = openBulkhead({ clock: createManualClock() }, { maxWaiting: 5 })
        const admitted: number[] = []
        const held: Slot[] = []
        const waiting: { number: number; abort: AbortController }[] = []
        let number = 0
        for (const one of steps) {
          if (one.kind === 'enter') {
            const mine = { number: number++, abort: new AbortController() }
            waiting.push(mine)
            void bulkhead.enter({ id: 'a', maxConcurrent: limit }, mine.abort.signal, ignore).then((entry) => {
              waiting.splice(waiting.indexOf(mine), 1)
              if (entry.kind !== 'slot') return
              admitted.push(mine.number)
              held.push(entry)
            })
          }
          if (one.kind === 'release') {
            const slot = held.splice(one.which % Math.max(1, held.length), 1)[0]
            slot?.release()
            slot?.release()
          }
          if (one.kind === 'abort') waiting[one.which % Math.max(1, waiting.length)]?.abort.abort()
          await new Promise((resolve) => setImmediate(resolve))
          const [counts = { active: 0, waiting: 0 }] = bulkhead.counts()
          expect(counts.active).toBe(held.length)
          expect(held.length).toBeLessThanOrEqual(limit)
          expect(counts.waiting).toBe(waiting.length)
          expect(counts.waiting).toBeLessThanOrEqual(5)
          if (counts.waiting > 0) expect(held.length).toBe(limit)
        }
        expect(admitted).toEqual([...admitted].sort((a, b) => a - b))
        for (const one of waiting) one.abort.abort()
        for (const slot of held) slot.release()
        await new Promise((resolve) => setImmediate(resolve))
        // Those who were let in meanwhile.
        for (const slot of held) slot.release()
        expect(bulkhead.counts().reduce((sum, one) => sum + one.active + one.waiting, 0)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses who would be one too many to wait', async () => {
    const bulkhead = openBulkhead({ clock: createManualClock() }, { maxWaiting: 1 })
    const limited = { id: 'a', maxConcurrent: 1 }
    asSlot(await bulkhead.enter(limited, never, ignore))
    void bulkhead.enter(limited, never, ignore)
    expect(bulkhead.isFull(limited)).toBe(true)
    expect(await bulkhead.enter(limited, never, ignore)).toEqual({ kind: 'full' })
    expect(bulkhead.tryEnter(limited)).toBeNull()
    expect(bulkhead.forceEnter(limited).kind).toBe('slot')
  })

  it('tells where one stands at once, and moving up only once a second', async () => {
    const clock = createManualClock()
    const bulkhead = openBulkhead({ clock }, { maxWaiting: 10 })
    const slots = [await bulkhead.enter(agent, never, ignore), await bulkhead.enter(agent, never, ignore)].map(asSlot)
    const told: number[][] = [[], [], []]
    for (const mine of told) void bulkhead.enter(agent, never, (position) => mine.push(position))
    expect(told).toEqual([[1], [2], [3]])
    for (const slot of slots) slot.release()
    expect(told).toEqual([[1], [2], [3]])
    clock.pass(1_000)
    expect(told).toEqual([[1], [2], [3, 1]])
  })

  it('sends a thousand who wait few words each', async () => {
    const clock = createManualClock()
    const bulkhead = openBulkhead({ clock }, { maxWaiting: 1000 })
    const limited = { id: 'a', maxConcurrent: 1 }
    let slot = asSlot(await bulkhead.enter(limited, never, ignore))
    const told = Array.from({ length: 1000 }, (): number[] => [])
    const entries = told.map((mine) => bulkhead.enter(limited, never, (position) => mine.push(position)))
    for (const entry of entries) {
      slot.release()
      slot = asSlot(await entry)
      clock.pass(1_000)
    }
    const most = Math.max(...told.map((mine) => mine.length))
    expect(most).toBeLessThanOrEqual(60)
    expect(told[999]?.slice(-10)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(isWorthTelling(500, 499)).toBe(false)
  })
})
