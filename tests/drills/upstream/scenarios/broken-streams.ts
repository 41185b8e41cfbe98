import { answerTokens, primarySeed, toPlan, type Scenario } from '../scenario.ts'
import { checkCut, checkDuration, checkWhole } from './checks.ts'

/** Upstreams whose answer breaks off, hangs or is garbled. */
export const brokenStreams: readonly Scenario[] = [
  {
    name: 'reset',
    right: 'before any text asked again unseen; after it the text is kept and never asked for again',
    agents: () => [
      { key: 'early', plan: toPlan(primarySeed, 'reset-before-headers;once') },
      { key: 'late', plan: toPlan(primarySeed, 'reset@30') },
    ],
    async run(drill) {
      const [early, late] = await Promise.all([drill.ask('early'), drill.ask('late')])
      checkWhole(drill, early, primarySeed)
      checkCut(drill, late, { seed: primarySeed, tokens: 30, reason: 'truncated', code: 'upstream_truncated' })
      const requests = ['early', 'late'].map((key) => drill.countRequests(key))
      drill.check('2 and 1 requests', requests.join() === '2,1', requests)
    },
  },
  {
    name: 'no response',
    right: 'given up after the first-content clock and asked again unseen; the whole answer, two requests',
    agents: () => [{ key: 'primary', plan: toPlan(primarySeed, 'no-response;once') }],
    async run(drill) {
      const asked = await drill.ask('primary')
      checkWhole(drill, asked, primarySeed)
      drill.check('two requests', drill.countRequests('primary') === 2, drill.countRequests('primary'))
      checkDuration(drill, asked, drill.pace.firstContentMs)
      const { abortedByClient } = drill.upstream('primary').counters().total
      drill.check('the request given up was closed', abortedByClient === 1, abortedByClient)
    },
  },
  {
    name: 'late first token',
    right:
      'keep-alives do not put the clock off; with a hedge a second request wins long before, and the first is closed',
    agents: (pace) => [
      { key: 'primary', plan: toPlan(primarySeed, 'no-first-token;keep-alive=100;once') },
      {
        key: 'hedged',
        plan: toPlan(primarySeed, 'no-first-token;keep-alive=100;once'),
        hedgeAfterMs: pace.hedgeAfterMs,
      },
    ],
    async run(drill) {
      const [asked, hedged] = await Promise.all([drill.ask('primary'), drill.ask('hedged')])
      const { firstContentMs, hedgeAfterMs } = drill.pace
      checkWhole(drill, asked, primarySeed)
      checkDuration(drill, asked, firstContentMs)
      checkWhole(drill, hedged, primarySeed)
      checkDuration(drill, hedged, hedgeAfterMs, firstContentMs)
      const requests = ['primary', 'hedged'].map((key) => drill.countRequests(key))
      drill.check('2 and 2 requests', requests.join() === '2,2', requests)
      const { abortedByClient } = drill.upstream('hedged').counters().total
      drill.check('the loser was closed by us', abortedByClient === 1, abortedByClient)
      const { usage } = hedged.message
      drill.check('usage of the winner alone', usage?.outputTokens === answerTokens && !usage.isEstimated, usage)
    },
  },
  {
    name: 'cut after 40 of 60 tokens',
    right: 'the forty tokens are kept and the answer says that it broke off; one request',
    agents: () => [{ key: 'primary', plan: toPlan(primarySeed, 'cut@40') }],
    async run(drill) {
      const expected = { seed: primarySeed, tokens: 40, reason: 'truncated', code: 'upstream_truncated' } as const
      checkCut(drill, await drill.ask('primary'), expected)
      drill.check('one request', drill.countRequests('primary') === 1, drill.countRequests('primary'))
    },
  },
  {
    name: 'stall of 30 s, with and without keep-alives',
    right:
      'a stall shorter than the idle clock is waited for; a longer one ends by it, whether or not keep-alives come',
    agents: (pace) => [
      { key: 'silent', plan: toPlan(primarySeed, `stall@20;for=${pace.stallMs}`) },
      { key: 'alive', plan: toPlan(primarySeed, `stall-keepalive@20;for=${pace.stallMs};keep-alive=200`) },
      { key: 'silent-dead', plan: toPlan(primarySeed, 'stall@20') },
      { key: 'alive-dead', plan: toPlan(primarySeed, 'stall-keepalive@20;keep-alive=200') },
    ],
    async run(drill) {
      const keys = ['silent', 'alive', 'silent-dead', 'alive-dead']
      const [silent, alive, ...dead] = await Promise.all(keys.map((key) => drill.ask(key)))
      for (const asked of [silent, alive]) if (asked) checkWhole(drill, asked, primarySeed)
      for (const asked of dead) {
        checkCut(drill, asked, { seed: primarySeed, tokens: 20, reason: 'upstream-error', code: 'upstream_idle' })
        checkDuration(drill, asked, drill.pace.idleMs)
      }
      const requests = keys.map((key) => drill.countRequests(key))
      drill.check('one request each', requests.join() === '1,1,1,1', requests)
    },
  },
  {
    name: 'malformed chunk',
    right: 'before any text asked again unseen; after it the text before the chunk is kept, one request',
    agents: () => [
      { key: 'early', plan: toPlan(primarySeed, 'malformed@0;once') },
      { key: 'late', plan: toPlan(primarySeed, 'malformed@20') },
    ],
    async run(drill) {
      const [early, late] = await Promise.all([drill.ask('early'), drill.ask('late')])
      checkWhole(drill, early, primarySeed)
      const expected = { tokens: 20, reason: 'upstream-error', code: 'upstream_bad_response' } as const
      checkCut(drill, late, { ...expected, seed: primarySeed })
      const requests = ['early', 'late'].map((key) => drill.countRequests(key))
      drill.check('2 and 1 requests', requests.join() === '2,1', requests)
    },
  },
  {
    name: 'no [DONE]',
    right: 'with the finish reason it is whole; without any marker of success it is never called complete',
    agents: () => [
      { key: 'finished', plan: toPlan(primarySeed, 'finish-no-done') },
      { key: 'open', plan: toPlan(primarySeed, `cut@${answerTokens}`) },
    ],
    async run(drill) {
      const [finished, open] = await Promise.all([drill.ask('finished'), drill.ask('open')])
      checkWhole(drill, finished, primarySeed)
      const expected = { tokens: answerTokens, reason: 'truncated', code: 'upstream_truncated' } as const
      checkCut(drill, open, { ...expected, seed: primarySeed })
      const requests = ['finished', 'open'].map((key) => drill.countRequests(key))
      drill.check('one request each', requests.join() === '1,1', requests)
    },
  },
]
