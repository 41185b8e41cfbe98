import { describe, expect, it } from 'vitest'
import { createReadRhythm } from './read-rhythm.ts'

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
