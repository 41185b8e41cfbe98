import { expect, test } from 'vitest'
import { createGate } from '../../../tests/support/create-gate.ts'
import { createHashingGate } from './hashing-gate.ts'

const options = { maxInside: 6, reservedForKnown: 2, maxPerClient: 2, expectedMs: 500 }

test('one client can’t take all, strangers can’t take the places of known devices', async () => {
  const gate = createHashingGate(options)
  const hold = createGate()
  const inside: string[] = []
  const outcomes: Promise<void>[] = []
  const enter = (key: string, isKnownDevice = false): void => {
    const work = async (): Promise<void> => {
      inside.push(key)
      await hold.passed
    }
    outcomes.push(gate.admit({ key, isKnownDevice }, work))
  }
  for (const key of ['a', 'a', 'a', 'b', 'c', 'd']) enter(key)
  expect(inside).toEqual(['a', 'a', 'b', 'c'])
  for (const key of ['phone', 'laptop', 'tablet']) enter(key, true)
  expect(inside).toEqual(['a', 'a', 'b', 'c', 'phone', 'laptop'])
  await expect(outcomes[2]).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 1000 })
  await expect(outcomes[5]).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 2000 })
  await expect(outcomes[8]).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 3000 })
  hold.open()
  await Promise.allSettled(outcomes)
  enter('a')
  expect(inside).toHaveLength(7)
})

test('a place is given back when the work fails', async () => {
  const gate = createHashingGate({ ...options, maxInside: 1, reservedForKnown: 0 })
  const client = { key: 'a', isKnownDevice: false }
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(gate.admit(client, () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong')
  }
})
