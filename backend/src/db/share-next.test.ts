import { expect, test } from 'vitest'
import { createGate } from '../../../tests/support/create-gate.ts'
import { shareNext } from './share-next.ts'

test('gives nobody an answer that was asked for before they came', async () => {
  let asked = 0
  const gates = [createGate(), createGate(), createGate()]
  const get = shareNext(async () => {
    asked += 1
    const mine = asked
    await gates[mine - 1]?.passed
    return mine
  })
  const together = [get(), get()]
  await Promise.resolve()
  await Promise.resolve()
  const later = [get(), get(), get()]
  expect(asked).toBe(1)
  gates[0]?.open()
  expect(await Promise.all(together)).toEqual([1, 1])
  gates[1]?.open()
  expect(await Promise.all(later)).toEqual([2, 2, 2])
  gates[2]?.open()
  expect(await get()).toBe(3)
})

test('goes on after a failure, which only those hear who waited for it', async () => {
  let asked = 0
  const get = shareNext(() => {
    asked += 1
    return asked === 1 ? Promise.reject(new Error('away')) : Promise.resolve(asked)
  })
  await expect(get()).rejects.toThrow('away')
  expect(await get()).toBe(2)
})
