import { expect, test } from 'vitest'
import { createGate } from '../../../tests/support/create-gate.ts'
import { createHashingGate } from './hashing-gate.ts'

const options = { maxInside: 6, reservedForKnown: 2, maxPerClient: 2, maxWorking: 1, expectedMs: 500 }

function openCrowd(changes: Partial<typeof options> = {}) {
  const gate = createHashingGate({ ...options, ...changes })
  const hold = createGate()
  const entered: string[] = []
  const served: string[] = []
  const outcomes: Promise<void>[] = []
  return {
    hold,
    entered,
    served,
    outcomes,
    enter(key: string, isKnownDevice = false): void {
      const check = (): Promise<void> => {
        entered.push(key)
        return Promise.resolve()
      }
      const work = async (): Promise<void> => {
        served.push(key)
        await hold.passed
      }
      outcomes.push(gate.admit({ key, isKnownDevice }, { check, work }))
    },
  }
}

test('one client can’t take all, strangers can’t take the places of known devices', async () => {
  const crowd = openCrowd()
  for (const key of ['a', 'a', 'a', 'b', 'c', 'd']) crowd.enter(key)
  expect(crowd.entered).toEqual(['a', 'a', 'b', 'c'])
  for (const key of ['phone', 'laptop', 'tablet']) crowd.enter(key, true)
  expect(crowd.entered).toEqual(['a', 'a', 'b', 'c', 'phone', 'laptop'])
  await expect(crowd.outcomes[2]).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 1000 })
  await expect(crowd.outcomes[5]).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 2000 })
  await expect(crowd.outcomes[8]).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 3000 })
  crowd.hold.open()
  await Promise.allSettled(crowd.outcomes)
  crowd.enter('a')
  expect(crowd.entered).toHaveLength(7)
})

test('known devices go first, and a stranger after three of them', async () => {
  const crowd = openCrowd({ maxInside: 20 })
  for (const key of ['a', 'b', 'c']) crowd.enter(key)
  for (const key of ['1', '2', '3', '4', '5']) crowd.enter(key, true)
  crowd.hold.open()
  await Promise.all(crowd.outcomes)
  expect(crowd.served.join(' ')).toBe('a 1 2 3 b 4 5 c')
})

test('a place and a turn are given back when check or work fail', async () => {
  const gate = createHashingGate({ ...options, maxInside: 1, reservedForKnown: 0 })
  const client = { key: 'a', isKnownDevice: false }
  const fail = (): Promise<never> => Promise.reject(new Error('wrong'))
  const pass = (): Promise<void> => Promise.resolve()
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(gate.admit(client, { check: pass, work: fail })).rejects.toThrow('wrong')
    await expect(gate.admit(client, { check: fail, work: pass })).rejects.toThrow('wrong')
  }
})
