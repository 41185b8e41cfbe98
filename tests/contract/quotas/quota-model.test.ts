import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openTestDatabase, openTestPglite, type Engine, type TestDatabase } from '../../support/open-test-database.ts'
import { complete, failed, interrupted, openQuotaBench } from './quota-bench.ts'

const opened: [Engine, TestDatabase][] = [['pglite', await openTestPglite()]]
const postgres = await openTestDatabase('postgres')
if (postgres !== null) opened.push(['postgres', postgres])

afterAll(async () => {
  for (const [, each] of opened) await each.close()
})

type Step =
  | { kind: 'ask'; user: number; input: number; output: number }
  | { kind: 'end'; which: number; how: 'complete' | 'failed' | 'interrupted'; used: number }
  | { kind: 'delete'; which: number }

const small = fc.integer({ min: 0, max: 40 })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('ask' as const), user: fc.nat(1), input: small, output: small }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        which: fc.nat(),
        how: fc.constantFrom('complete' as const, 'failed' as const, 'interrupted' as const),
        used: small,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }) },
  ),
  { minLength: 5, maxLength: 30 },
)

const ends = { complete, failed, interrupted }
const limits = { messages: 6, tokens: 150, running: 3 }

describe.each(opened)('quotas on %s', (_engine, { database }) => {
  const bench = openQuotaBench(database)

  test('whatever happens, counts are those of a plain model, and nothing passes a limit', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        await bench.removeAll()
        const users = [await bench.addUser(), await bench.addUser()]
        const subjectId = await bench.addGroup(...users)
        const group = { scope: 'group', subjectId } as const
        const messages = await bench.addQuota({
          ...group,
          measure: 'messages',
          period: 'day',
          hardLimit: limits.messages,
        })
        const tokens = await bench.addQuota({ ...group, measure: 'tokens', period: 'month', hardLimit: limits.tokens })
        const cap = await bench.addQuota({ ...group, measure: 'running', period: 'now', hardLimit: limits.running })
        let running: { id: string; tokens: number }[] = []
        const used = { messages: 0, tokens: 0 }
        const toReserved = () => running.reduce((sum, one) => sum + one.tokens, 0)

        for (const step of sequence) {
          if (step.kind === 'ask') {
            const amount = step.input + step.output
            const fits =
              used.messages + running.length + 1 <= limits.messages &&
              used.tokens + toReserved() + amount <= limits.tokens &&
              running.length + 1 <= limits.running
            const estimate = { input: step.input, maxOutput: step.output }
            const result = await bench.ask(users[step.user] ?? '', { estimate }).catch(() => null)
            expect(result !== null).toBe(fits)
            if (result) running.push({ id: result.generationId, tokens: amount })
            continue
          }
          const one = running[step.which % Math.max(1, running.length)]
          if (!one) continue
          running = running.filter((other) => other !== one)
          if (step.kind === 'delete') {
            await database.kysely.deleteFrom('generations').where('id', '=', one.id).execute()
            expect(await bench.quotas.sweep()).toBe(3)
            used.messages += 1
            used.tokens += one.tokens
          } else {
            await bench.end(one.id, ends[step.how], { inputTokens: step.used, outputTokens: 0 })
            if (step.how === 'failed') continue
            used.messages += 1
            used.tokens += step.used
          }
        }
        expect(await bench.readCount(messages.id)).toEqual({ used: used.messages, reserved: running.length })
        expect(await bench.readCount(tokens.id)).toEqual({ used: used.tokens, reserved: toReserved() })
        expect(await bench.readCount(cap.id)).toEqual({ used: 0, reserved: running.length })
      }),
      { numRuns: 20 },
    )
  }, 60_000)
})
