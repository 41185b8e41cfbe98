import { expect, it } from 'vitest'
import { quickPace } from './drill-pace.ts'
import { runUpstreamDrill, scenarios, type Breakable } from './run-upstream-drill.ts'

it('has the sixteen scenarios, and all come out right', { timeout: 120_000 }, async () => {
  expect(scenarios).toHaveLength(16)
  const card = await runUpstreamDrill({ pace: quickPace })
  expect(card.scenarios.filter((one) => !one.isRight)).toEqual([])
  expect(card.right).toBe(16)
})

it.each<[Breakable, string]>([
  ['retry', '500 once'],
  ['fallback', 'accounting after fall-back'],
  ['hedge', 'late first token'],
  ['breaker', 'flapping primary'],
])('goes red without the %s', { timeout: 120_000 }, async (broken, only) => {
  const card = await runUpstreamDrill({ pace: quickPace, broken, only })
  expect([card.total, card.right]).toEqual([1, 0])
})
