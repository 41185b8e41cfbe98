import { primarySeed, standbySeed, toPlan, type Scenario } from '../scenario.ts'
import { checkDuration, checkFailed, checkWhole } from './checks.ts'

/** Upstreams that answer with a status. */
export const refusingUpstreams: readonly Scenario[] = [
  {
    name: '429 with Retry-After, once',
    right: 'asked again, not before the time it asked for; the whole answer, two requests',
    agents: (pace) => [
      { key: 'primary', plan: toPlan(primarySeed, `status=429;retry-after=${pace.retryAfterSeconds};once`) },
    ],
    async run(drill) {
      const asked = await drill.ask('primary')
      checkWhole(drill, asked, primarySeed)
      drill.check('two requests', drill.countRequests('primary') === 2, drill.countRequests('primary'))
      checkDuration(drill, asked, drill.pace.retryAfterSeconds * 1000)
    },
  },
  {
    name: '429 with Retry-After, for ever',
    right: 'three requests, then a failure with its code and when to ask again; /v1 answers 503 in OpenAI’s shape',
    agents: (pace) => [
      { key: 'primary', plan: toPlan(primarySeed, `status=429;retry-after=${pace.retryAfterSeconds}`) },
      { key: 'sdk', plan: toPlan(primarySeed, `status=429;retry-after=${pace.retryAfterSeconds}`) },
    ],
    async run(drill) {
      const [asked, reply] = await Promise.all([drill.ask('primary'), drill.askV1('sdk')])
      checkFailed(drill, asked, 'upstream_rate_limited')
      drill.check('three requests', drill.countRequests('primary') === 3, drill.countRequests('primary'))
      const { delivery } = asked
      const toldMs = delivery.state === 'failed' ? delivery.retryAfterMs : undefined
      drill.check('says when to ask again', toldMs === drill.pace.retryAfterSeconds * 1000, delivery)
      drill.check('/v1 answers 503', reply.status === 503, reply)
      drill.check('/v1 has Retry-After', reply.retryAfter === String(drill.pace.retryAfterSeconds), reply)
      const code = (reply.body as { error?: { code?: string } }).error?.code
      drill.check('/v1 names the code', code === 'upstream_rate_limited', reply.body)
    },
  },
  {
    name: '500 once',
    right: 'asked again unseen; the whole answer, two requests',
    agents: () => [{ key: 'primary', plan: toPlan(primarySeed, 'status=500;once') }],
    async run(drill) {
      checkWhole(drill, await drill.ask('primary'), primarySeed)
      drill.check('two requests', drill.countRequests('primary') === 2, drill.countRequests('primary'))
    },
  },
  {
    name: '503',
    right: 'after two retries the fall-back agent answers alone; without one it is a failure with its code',
    agents: () => [
      { key: 'primary', plan: toPlan(primarySeed, 'status=503'), fallbacks: ['standby'] },
      { key: 'standby', plan: toPlan(standbySeed) },
      { key: 'alone', plan: toPlan(primarySeed, 'status=503') },
    ],
    async run(drill) {
      const [asked, alone] = await Promise.all([drill.ask('primary'), drill.ask('alone')])
      checkWhole(drill, asked, standbySeed)
      const requests = ['primary', 'standby', 'alone'].map((key) => drill.countRequests(key))
      drill.check('3 + 1 requests, and 3 alone', requests.join() === '3,1,3', requests)
      checkFailed(drill, alone, 'upstream_failed')
    },
  },
  {
    name: 'context too long',
    right: 'one request, a failure with its code; nobody else is asked the same',
    agents: () => [
      { key: 'primary', plan: toPlan(primarySeed, 'context-too-long'), fallbacks: ['standby'] },
      { key: 'standby', plan: toPlan(standbySeed) },
    ],
    async run(drill) {
      checkFailed(drill, await drill.ask('primary'), 'upstream_context_too_long')
      const requests = ['primary', 'standby'].map((key) => drill.countRequests(key))
      drill.check('1 + 0 requests', requests.join() === '1,0', requests)
    },
  },
  {
    name: 'content filter',
    right: 'what is refused is not asked of others; what is filtered half-way keeps its text and says so',
    agents: () => [
      { key: 'refuses', plan: toPlan(primarySeed, 'status=400;code=content_filter'), fallbacks: ['standby'] },
      { key: 'filters', plan: toPlan(primarySeed, 'content-filter@20'), fallbacks: ['standby'] },
      { key: 'standby', plan: toPlan(standbySeed) },
    ],
    async run(drill) {
      const [refused, filtered] = await Promise.all([drill.ask('refuses'), drill.ask('filters')])
      checkFailed(drill, refused, 'upstream_content_filter')
      checkWhole(drill, filtered, primarySeed, { tokens: 20, finishReason: 'content-filter' })
      const requests = ['refuses', 'filters', 'standby'].map((key) => drill.countRequests(key))
      drill.check('1 + 1 + 0 requests', requests.join() === '1,1,0', requests)
    },
  },
]
