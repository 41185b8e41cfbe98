import { expect, test } from 'vitest'
import { fuzzApi } from '../../fuzz/fuzz-api.ts'

// `npm run fuzz:api` asks ten thousand times; here every operation is asked at least once in each way.
test('no answer is a server error, nor other than the description says', async () => {
  const { requests, findings } = await fuzzApi({ requests: 330, seed: 7 })
  expect(findings).toEqual([])
  expect(requests).toBeGreaterThan(250)
}, 300_000)

test.each(['schema', 'status'] as const)(
  'an answer with another %s is found',
  async (spoil) => {
    const { findings } = await fuzzApi({ requests: 3, seed: 7, spoil, only: 'GET /api/agents' })
    expect(findings.join('\n')).toContain(spoil === 'schema' ? 'Response violates schema' : 'Server error')
  },
  120_000,
)
