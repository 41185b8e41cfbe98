import { expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { openMemoryStreamLog } from './memory-stream-log.ts'
import type { StreamLog } from './stream-log.ts'

/** 300 bytes each, as the log counts. */
const data = 'x'.repeat(100)

async function fill(log: StreamLog, generationId: string, isTerminal: boolean): Promise<void> {
  await log.open(generationId, 1, 0)
  await log.append([{ generationId, fence: 1, expectedLastSeq: 0, frames: [{ seq: 1, data, isTerminal }] }])
}

async function listHeld(log: StreamLog, ids: readonly string[]): Promise<string[]> {
  const states = await Promise.all(ids.map((id) => log.findState(id)))
  return ids.filter((_, index) => states[index] !== null)
}

test('beyond the limit the oldest ended logs go first, and running ones never', async () => {
  const log = openMemoryStreamLog({ clock: systemClock, maxClosedBytes: 600 })
  await fill(log, 'running', false)
  for (const id of ['a', 'b', 'c']) await fill(log, id, true)
  expect(await listHeld(log, ['running', 'a', 'b', 'c'])).toEqual(['running', 'b', 'c'])
  await fill(log, 'd', true)
  expect(await listHeld(log, ['running', 'a', 'b', 'c', 'd'])).toEqual(['running', 'c', 'd'])
  await log.close()
})

test('an ended log is readable even when it alone is larger than the limit', async () => {
  const log = openMemoryStreamLog({ clock: systemClock, maxClosedBytes: 100 })
  await fill(log, 'large', true)
  expect(await log.read('large', 0)).toHaveLength(1)
  await log.close()
})

test('an expired log makes room for others', async () => {
  const timers: (() => void)[] = []
  const clock = {
    ...systemClock,
    setTimer(_delayMs: number, callback: () => void) {
      timers.push(callback)
      return () => undefined
    },
  }
  const log = openMemoryStreamLog({ clock, maxClosedBytes: 600 })
  await fill(log, 'a', true)
  await log.expireAfter('a', 1000)
  timers.forEach((expire) => expire())
  for (const id of ['b', 'c']) await fill(log, id, true)
  expect(await listHeld(log, ['a', 'b', 'c'])).toEqual(['b', 'c'])
  await log.close()
})
