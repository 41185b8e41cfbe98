import { expect, test } from 'vitest'
import { createManualClock } from '../../../tests/support/create-manual-clock.ts'
import { createStoreCheck } from './create-store-check.ts'

function create(look: () => Promise<void>) {
  const clock = createManualClock(0)
  let looks = 0
  const check = createStoreCheck({
    clock,
    store: {
      check: () => {
        looks += 1
        return look()
      },
    },
  })
  return { clock, check, looks: () => looks }
}

test('many who ask cost one look, until it is old', async () => {
  const { clock, check, looks } = create(() => Promise.resolve())
  await Promise.all([check(), check()])
  clock.pass(9_999)
  await check()
  expect(looks()).toBe(1)
  clock.pass(1)
  await check()
  expect(looks()).toBe(2)
})

test('a store that is away is told as it is, and looked at again', async () => {
  let isAway = true
  const { clock, check } = create(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()))
  await expect(check()).rejects.toThrow('away')
  isAway = false
  await expect(check()).rejects.toThrow('away')
  clock.pass(10_000)
  await check()
})

test('a store that hangs counts as away', async () => {
  const { clock, check } = create(() => new Promise(() => undefined))
  const found = expect(check()).rejects.toMatchObject({ code: 'file_store_unavailable' })
  clock.pass(2_000)
  await found
})
