import { expect, it } from 'vitest'
import { toLiveAgain } from './silence.ts'
import { createWatchRecord, type WatchRecord } from './watch-record.ts'

const [killMs, nextMs, lastMs] = [10_000, 30_000, 50_000]

function toRecord(ttftMs: number, contentTimesMs: number[]): WatchRecord {
  const agent = { id: 'a' } as WatchRecord['plan']['agent']
  const plan = {
    kind: 'chat',
    index: 0,
    agent,
    apiKey: '',
    startAtMs: 0,
    seed: 0,
    tokens: 1,
    gapMs: 1,
    ttftMs,
  } as const
  const record = createWatchRecord(plan, { sessionId: 's', key: 'k' })
  return { ...record, acceptedAtMs: 1, contentTimesMs, eventTimesMs: contentTimesMs }
}

function judge(ttftMs: number, contentTimesMs: number[]): number {
  return toLiveAgain([toRecord(ttftMs, contentTimesMs)], killMs, [nextMs, lastMs]).max
}

it('judges whoever is due before the next loss by this one, however late they come', () => {
  expect(judge(200, [5_000, 12_200])).toBe(2_000)
  expect(judge(200, [5_000, 58_000])).toBe(47_800)
})

it('counts from the last loss where the wait began once more', () => {
  expect(judge(25_000, [58_000])).toBe(3_000)
  expect(judge(25_000, [80_000])).toBe(5_000)
})

it('still finds one that came too late after that', () => {
  expect(judge(25_000, [95_000])).toBe(20_000)
})
