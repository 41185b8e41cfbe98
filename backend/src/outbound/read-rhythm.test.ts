import { describe, expect, it } from 'vitest'
import { createReadRhythm, toStretch } from './read-rhythm.ts'

describe('createReadRhythm', () => {
  it('spreads sockets over all slots', () => {
    const rhythm = createReadRhythm({ gatherMs: 16 })
    const slots = Array.from({ length: 32 }, () => rhythm.assignSlot())
    expect(new Set(slots).size).toBe(16)
    rhythm.stop()
  })

  it('calls everybody once, within about a period', async () => {
    const rhythm = createReadRhythm({ gatherMs: 16 })
    let calls = 0
    await Promise.all(
      Array.from({ length: 64 }, (_, index) => {
        return new Promise<void>((resolve) => {
          rhythm.rest(index % 16, 'short', () => {
            calls += 1
            resolve()
          })
        })
      }),
    )
    expect(calls).toBe(64)
    rhythm.stop()
  })

  it('calls again whoever waits again', async () => {
    const rhythm = createReadRhythm({ gatherMs: 8 })
    let slot = 3
    for (let turn = 0; turn < 5; turn++)
      await new Promise<void>((resolve) => (slot = rhythm.rest(slot, 'short', resolve)))
    rhythm.stop()
  })

  it('lets a long rest end after a short one that began with it', async () => {
    const rhythm = createReadRhythm({ gatherMs: 16 })
    const ended: string[] = []
    await Promise.all(
      (['long', 'short'] as const).map(
        (length) =>
          new Promise<void>((resolve) => {
            rhythm.rest(5, length, () => {
              ended.push(length)
              resolve()
            })
          }),
      ),
    )
    expect(ended).toEqual(['short', 'long'])
    rhythm.stop()
  })

  it('leaves nobody waiting when it stops', () => {
    const rhythm = createReadRhythm({ gatherMs: 10_000 })
    let calls = 0
    rhythm.rest(2, 'long', () => (calls += 1))
    rhythm.afterReads(() => (calls += 1))
    rhythm.stop()
    expect(calls).toBe(2)
  })
})

describe('toStretch', () => {
  function stretchAfter(turns: number, utilization: number, begin = 1): number {
    return Array.from({ length: turns }).reduce<number>((stretch) => toStretch(stretch, utilization), begin)
  }

  it('lets the period grow while the event loop is busy, to four times at most', () => {
    expect(toStretch(1, 0.41)).toBeGreaterThan(1)
    expect(stretchAfter(100, 1)).toBe(4)
  })

  it('takes the period back when there is time again, to its own length at least', () => {
    expect(toStretch(4, 0.24)).toBeLessThan(4)
    expect(stretchAfter(100, 0, 4)).toBe(1)
  })

  it('leaves it in between, so that it does not swing', () => {
    for (const utilization of [0.25, 0.32, 0.4]) expect(toStretch(2, utilization)).toBe(2)
  })
})
