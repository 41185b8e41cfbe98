import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutboundClient, OutboundReply, OutboundRequest } from '../../../backend/src/outbound/outbound-client.ts'
import { getAdapter } from '../../../backend/src/providers/find-adapter.ts'
import type { ProviderCall } from '../../../backend/src/providers/provider-adapter.ts'
import type { UpstreamIds } from '../../../backend/src/providers/provider-part.ts'
import { type AnswerSummary, toSummary } from './answer-summary.ts'
import { createCall } from './provider-call.ts'
import { openLoopbackClient, runAnswer } from './run-answer.ts'

const seed = 3
let simulator: Simulator
let client: OutboundClient

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: `ttft=0 gap=0 tokens=12 seed=${seed}` })
  client = openLoopbackClient()
})
beforeEach(() => {
  simulator.reset()
})
afterAll(async () => {
  await client.close()
  await simulator.close()
})

function toCall(provider: ProviderName, plan: string, changes: Parameters<typeof createCall>[1] = {}): ProviderCall {
  const target = { baseUrl: simulator.baseUrl(provider), ...changes.target }
  return createCall(provider, { prompt: `Hello [[sim ${plan}]]`, ...changes, target })
}

function send(request: OutboundRequest | null): Promise<OutboundReply> {
  if (!request) throw new Error('there is no such request')
  return client.send(request, { totalMs: 5000, maxBytes: 100_000 })
}

/** Starts an answer and stops listening at its first text. */
async function leaveEarly(call: ProviderCall): Promise<AnswerSummary> {
  const abort = new AbortController()
  const parts = await runAnswer(client, call, {
    signal: abort.signal,
    onBatch: (batch) => {
      if (batch.some((part) => part.type === 'text')) abort.abort()
    },
  })
  return toSummary(parts)
}

async function expectStopped(provider: ProviderName, call: ProviderCall, ids: UpstreamIds): Promise<void> {
  const reply = await send(getAdapter(provider).toStopRequest(call, ids))
  expect(reply.status).toBe(200)
  await vi.waitFor(
    () => {
      expect(simulator.counters().providers[provider]).toMatchObject({ stopped: 1, inFlight: 0 })
    },
    { timeout: 1000, interval: 10 },
  )
}

describe('fastgpt', () => {
  const adapter = getAdapter('fastgpt')
  const chat = { upstream: { conversationId: 'chat-1' } }

  it('goes on when we leave, and stops when told', async () => {
    const call = toCall('fastgpt', 'tokens=100000 gap=5', chat)
    const { ids } = await leaveEarly(call)
    expect(ids).toEqual({ conversationId: 'chat-1', messageId: 'answer-1' })
    expect(simulator.counters().providers.fastgpt.inFlight).toBe(1)
    await expectStopped('fastgpt', call, ids)
  })

  it('refuses a second answer in the same chat as busy', async () => {
    const call = toCall('fastgpt', 'tokens=100000 gap=5', chat)
    const { ids } = await leaveEarly(call)
    const second = toSummary(await runAnswer(client, { ...call, answerId: 'answer-2' }))
    expect(second).toMatchObject({ ids: {}, failure: { code: 'upstream_busy', isRetryable: true } })
    await expectStopped('fastgpt', call, ids)
  })

  it('gives out the stored answer, takes a thumb, and removes the turn', async () => {
    const call = toCall('fastgpt', 'steps=1', chat)
    const { ids, text } = toSummary(await runAnswer(client, call))
    expect(text).toBe(toSimulatedText({ seed, tokens: 12 }))
    const fetched = await send(adapter.toFetchAnswerRequest(call, ids))
    expect(adapter.parseFetchedAnswer(fetched.body, ids)).toEqual({ text })
    expect(adapter.parseFetchedAnswer(fetched.body, { ...ids, messageId: 'other' })).toBeNull()
    const feedback = { rating: 'good', endUserId: 'user-1', ids } as const
    expect((await send(adapter.toFeedbackRequest(call.target, feedback))).status).toBe(200)
    expect((await send(adapter.toRemoveTurnRequest(call, ids))).status).toBe(200)
    const after = await send(adapter.toFetchAnswerRequest(call, ids))
    expect(adapter.parseFetchedAnswer(after.body, ids)).toBeNull()
  })

  it.each(['select', 'form'] as const)('asks with a %s and goes on with the reply', async (kind) => {
    const asked = toSummary(await runAnswer(client, toCall('fastgpt', `interactive=${kind}`, chat)))
    expect(asked.finish).toBe('stop')
    expect(asked.requests).toMatchObject([{ kind }])
    const [request] = asked.requests
    const reply =
      kind === 'select'
        ? (request?.options[0]?.key ?? '')
        : JSON.stringify(Object.fromEntries(request?.fields.map(({ key }) => [key, '1']) ?? []))
    const next = { ...chat, turns: [{ role: 'user' as const, content: reply }], answerId: 'answer-2' }
    const answered = toSummary(await runAnswer(client, toCall('fastgpt', '', next)))
    expect(answered).toMatchObject({ finish: 'stop', failure: null, requests: [] })
    expect(answered.text).not.toBe('')
  })

  it('speaks version 2 as well', async () => {
    const target = { options: { apiVersion: 'v2' }, baseUrl: simulator.baseUrl('fastgpt') }
    const answer = toSummary(await runAnswer(client, toCall('fastgpt', 'steps=2', { ...chat, target })))
    expect(answer).toMatchObject({ text: toSimulatedText({ seed, tokens: 12 }), finish: 'stop' })
    expect(answer.usage?.outputTokens).toBe(12)
    expect(Object.values(answer.steps).every(({ status }) => status === 'done')).toBe(true)
  })
})

describe('dify', () => {
  const adapter = getAdapter('dify')

  it('goes on when we leave, and stops when told by the same user', async () => {
    const call = toCall('dify', 'tokens=100000 gap=5')
    const { ids } = await leaveEarly(call)
    const stranger = await send(adapter.toStopRequest({ ...call, endUserId: 'other' }, ids))
    expect(stranger.status).toBe(200)
    expect(simulator.counters().providers.dify.stopped).toBe(0)
    await expectStopped('dify', call, ids)
  })

  it('has nothing to stop before the task id is known', () => {
    expect(adapter.toStopRequest(toCall('dify', ''), {})).toBeNull()
  })

  it('goes on in the conversation, gives out the stored answer and takes thumbs', async () => {
    const call = toCall('dify', 'mode=agent tools=1')
    const { ids, text } = toSummary(await runAnswer(client, call))
    expect(text).toBe(toSimulatedText({ seed, tokens: 12 }))
    const second = toSummary(await runAnswer(client, { ...call, upstream: ids }))
    expect(second.ids.conversationId).toBe(ids.conversationId)
    const fetched = await send(adapter.toFetchAnswerRequest(call, ids))
    expect(adapter.parseFetchedAnswer(fetched.body, ids)).toEqual({ text })
    for (const rating of ['good', 'bad', null] as const) {
      const reply = await send(adapter.toFeedbackRequest(call.target, { rating, endUserId: 'user-1', ids }))
      expect(reply.status).toBe(200)
    }
  })

  it('is told when the conversation belongs to another user', async () => {
    const { ids } = toSummary(await runAnswer(client, toCall('dify', '')))
    const foreign = toCall('dify', '', { upstream: ids, endUserId: 'other' })
    const { failure } = toSummary(await runAnswer(client, foreign))
    expect(failure).toMatchObject({ code: 'upstream_not_found', isRetryable: false })
  })

  it('follows a running workflow again, never passes its rest off as whole, and fetches it then', async () => {
    const call = toCall('dify', 'mode=workflow tokens=60 gap=5')
    const { ids } = await leaveEarly(call)
    const request = adapter.toReattachRequest(call, ids)
    if (!request) throw new Error('no run id')
    const followed = toSummary(await runAnswer(client, call, { request }))
    expect(followed).toMatchObject({ text: '', finish: null, failure: { code: 'upstream_truncated' } })
    const again = toSummary(await runAnswer(client, call, { request }))
    expect(again).toMatchObject({ text: '', finish: null, failure: { code: 'upstream_truncated' } })
    const fetched = await send(adapter.toFetchAnswerRequest(call, ids))
    expect(adapter.parseFetchedAnswer(fetched.body, ids)).toEqual({ text: toSimulatedText({ seed, tokens: 60 }) })
  })

  it.each(['message-end-first', 'workflow-finished-first'])('accepts the closing order %s', async (order) => {
    const plan = `mode=workflow steps=2 order=${order}`
    const answer = toSummary(await runAnswer(client, toCall('dify', plan)))
    expect(answer).toMatchObject({ finish: 'stop', failure: null, usage: { outputTokens: 12 } })
    expect(Object.keys(answer.steps).length).toBeGreaterThanOrEqual(2)
  })

  it.each(['select', 'form'])('asks with a %s', async (kind) => {
    const answer = toSummary(await runAnswer(client, toCall('dify', `mode=workflow interactive=${kind}`)))
    expect(answer).toMatchObject({ finish: 'other', failure: null })
    expect(answer.requests).toHaveLength(1)
  })
})

describe('openai-responses in background mode', () => {
  const adapter = getAdapter('openai-responses')

  function toBackgroundCall(plan: string): ProviderCall {
    const target = { options: { isBackground: true }, baseUrl: simulator.baseUrl('openai-responses') }
    return toCall('openai-responses', plan, { target })
  }

  it('goes on exactly where the connection was lost', async () => {
    const call = toBackgroundCall('tokens=60 gap=5 fault=cut@20')
    const first = toSummary(await runAnswer(client, call))
    expect(first.failure?.code).toBe('upstream_truncated')
    const request = adapter.toReattachRequest(call, first.ids)
    if (!request) throw new Error('no response id')
    const rest = toSummary(await runAnswer(client, call, { request }))
    expect(rest.finish).toBe('stop')
    expect(first.text + rest.text).toBe(toSimulatedText({ seed, tokens: 60 }))
  })

  it('is cancelled by its own endpoint', async () => {
    const call = toBackgroundCall('tokens=100000 gap=5')
    const { ids } = await leaveEarly(call)
    await expectStopped('openai-responses', call, ids)
  })

  it('can neither be followed nor cancelled without it', () => {
    const call = toCall('openai-responses', '')
    expect(adapter.toReattachRequest(call, { messageId: 'resp_1', sequence: 3 })).toBeNull()
    expect(adapter.toStopRequest(call, { messageId: 'resp_1' })).toBeNull()
  })
})

describe('openai-compatible servers', () => {
  it.each(['deepseek', 'qwen', 'groq', 'mistral', 'kimi', 'vllm', 'ollama', 'azure', 'think-tags'])(
    'understands %s',
    async (quirk) => {
      const answer = toSummary(await runAnswer(client, toCall('openai', `quirk=${quirk} reasoning=4 tools=2`)))
      expect(answer).toMatchObject({ text: toSimulatedText({ seed, tokens: 12 }), finish: 'tool-calls', failure: null })
      expect(Object.values(answer.tools)).toHaveLength(2)
      for (const tool of Object.values(answer.tools)) {
        expect(tool.name).not.toBe('')
        expect(tool.input).toEqual(JSON.parse(tool.streamed))
      }
      if (quirk !== 'azure') expect(answer.reasoning).not.toBe('')
    },
  )

  it.each(['no-done', 'finish-no-done'])('knows whether %s is success', async (fault) => {
    const answer = toSummary(await runAnswer(client, toCall('openai', `fault=${fault}`)))
    expect(answer).toMatchObject({ text: toSimulatedText({ seed, tokens: 12 }), finish: 'stop', failure: null })
  })
})

describe('anthropic', () => {
  it('marks the first of two spliced messages as superseded', async () => {
    const answer = toSummary(await runAnswer(client, toCall('anthropic', 'fault=duplicate-start@5')))
    expect(answer).toMatchObject({ superseded: 1, text: toSimulatedText({ seed, tokens: 12 }), finish: 'stop' })
  })

  it('takes a doubled start without content for one', async () => {
    const answer = toSummary(await runAnswer(client, toCall('anthropic', 'fault=duplicate-start')))
    expect(answer).toMatchObject({ superseded: 0, finish: 'stop', failure: null })
  })

  it('continues a partial answer on models that take a prefill', async () => {
    const whole = toSimulatedText({ seed, tokens: 12 })
    const shown = toSimulatedText({ seed, tokens: 5 })
    const target = { model: 'claude-sonnet-4-5', baseUrl: simulator.baseUrl('anthropic') }
    const call = toCall('anthropic', '', { target, continueFrom: shown })
    expect(getAdapter('anthropic').canContinue(call.target)).toBe(true)
    const answer = toSummary(await runAnswer(client, call))
    expect(shown + answer.text).toBe(whole)
  })

  it('is not asked to where the model refuses it', async () => {
    const target = { model: 'claude-opus-4-6', baseUrl: simulator.baseUrl('anthropic') }
    const call = toCall('anthropic', 'fault=refuse-prefill', { target, continueFrom: 'Hello' })
    expect(getAdapter('anthropic').canContinue(call.target)).toBe(false)
    const { failure } = toSummary(await runAnswer(client, call))
    expect(failure).toMatchObject({ code: 'upstream_rejected', isRetryable: false, status: 400 })
  })
})
