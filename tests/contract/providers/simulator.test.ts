import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutboundClient } from '../../../backend/src/outbound/outbound-client.ts'
import type { ProviderCall } from '../../../backend/src/providers/provider-adapter.ts'
import { type AnswerSummary, toSummary } from './answer-summary.ts'
import { createCall } from './provider-call.ts'
import { openLoopbackClient, runAnswer, type RunOptions } from './run-answer.ts'

const providers = ['openai', 'openai-responses', 'anthropic', 'fastgpt', 'dify'] as const
const seed = 7
const text = (tokens: number): string => toSimulatedText({ seed, tokens })

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

async function ask(provider: ProviderName, plan = 'seed=7', options: RunOptions = {}): Promise<AnswerSummary> {
  return toSummary(await runAnswer(client, toCall(provider, plan), options))
}

describe.each(providers)('%s over a socket', (provider) => {
  it('gives the whole answer, its figures and its ids', async () => {
    const answer = await ask(provider, 'tokens=300')
    expect(answer).toMatchObject({ text: text(300), finish: 'stop', failure: null, usage: { outputTokens: 300 } })
    expect(answer.ids.messageId).toBeTruthy()
    expect(simulator.counters().providers[provider]).toMatchObject({ finished: 1, abortedByClient: 0 })
  })

  it.each(['crlf', 'comments', 'unknown-events', 'after-done', 'stay-open', 'no-usage', 'slow-headers=60'])(
    'is not troubled by %s',
    async (fault) => {
      const answer = await ask(provider, `fault=${fault}`)
      expect(answer).toMatchObject({ text: text(12), finish: 'stop', failure: null })
      if (fault === 'no-usage') expect(answer.usage).toBeNull()
    },
  )

  it('reads an event of a megabyte', async () => {
    const answer = await ask(provider, 'fault=big-event')
    expect(answer.failure).toBeNull()
    expect(answer.finish).toBe('stop')
  })

  it('tells an error that comes before any content', async () => {
    const answer = await ask(provider, 'fault=error@0')
    expect(answer).toMatchObject({ text: '', finish: null, failure: { isRetryable: true } })
  })

  it('tells an error after five tokens, and keeps them', async () => {
    const answer = await ask(provider, 'fault=error@5')
    expect(answer).toMatchObject({ text: text(5), finish: null })
    expect(answer.failure).not.toBeNull()
  })

  it.each(['cut@5', 'reset@5', 'malformed@5'])('never takes %s for success', async (fault) => {
    const answer = await ask(provider, `gap=1 fault=${fault}`)
    expect(answer.finish).toBeNull()
    expect(answer.failure?.code).toBe(fault === 'malformed@5' ? 'upstream_bad_response' : 'upstream_truncated')
    expect(text(5).startsWith(answer.text)).toBe(true)
    if (fault === 'cut@5') expect(answer.text).toBe(text(5))
  })

  it('fails when there is no content in time, whatever else arrives', async () => {
    for (const fault of ['no-first-token', 'no-first-token;keep-alive=20', 'no-response']) {
      const answer = await ask(provider, `fault=${fault}`, { clocks: { firstContentMs: 250 } })
      expect(answer, fault).toMatchObject({ text: '', finish: null, failure: { code: 'upstream_no_content' } })
    }
  })

  it('fails when the content stops, with and without keep-alives', async () => {
    for (const fault of ['stall@5', 'stall-keepalive@5;keep-alive=20']) {
      const answer = await ask(provider, `fault=${fault}`, { clocks: { idleMs: 250 } })
      expect(answer, fault).toMatchObject({ text: text(5), finish: null, failure: { code: 'upstream_idle' } })
    }
  })

  it('tells a refusal with its waiting time', async () => {
    for (const [header, waitMs] of [
      ['retry-after=2', 2000],
      ['retry-after-ms=1500', 1500],
    ] as const) {
      const { failure } = await ask(provider, `fault=status=429;${header}`)
      expect(failure).toMatchObject({ code: 'upstream_rate_limited', isRetryable: true, status: 429 })
      expect(failure?.retryAfterMs).toBe(waitMs)
    }
    const { failure } = await ask(provider, 'fault=status=503;retry-after-date=30')
    expect(failure).toMatchObject({ code: 'upstream_failed', isRetryable: true, status: 503 })
    expect(failure?.retryAfterMs).toBeGreaterThan(25_000)
    expect(failure?.retryAfterMs).toBeLessThanOrEqual(31_000)
  })

  it('tells a page and a JSON body where a stream was asked for', async () => {
    const page = (await ask(provider, 'fault=html-502')).failure
    expect(page).toMatchObject({ code: 'upstream_failed', isRetryable: true })
    expect(page?.message).not.toMatch(/[<>]/)
    const json = await ask(provider, 'fault=json-error-200')
    expect(json.finish).toBeNull()
    expect(json.failure).not.toBeNull()
  })

  it('tells a connection that breaks before the headers', async () => {
    const { failure } = await ask(provider, 'fault=reset-before-headers')
    expect(failure).toMatchObject({ code: 'upstream_unreachable', isRetryable: true })
  })

  it('ends quietly and closes the connection within a second when it is aborted', async () => {
    const abort = new AbortController()
    const call = toCall(provider, 'tokens=100000 gap=5')
    const parts = await runAnswer(client, call, {
      signal: abort.signal,
      onBatch: (batch) => {
        if (batch.some((part) => part.type === 'text')) abort.abort()
      },
    })
    const summary = toSummary(parts)
    expect(summary).toMatchObject({ finish: null, failure: null })
    expect(text(2000).startsWith(summary.text)).toBe(true)
    const isGone = (): void => {
      expect(simulator.counters().providers[provider].abortedByClient).toBe(1)
    }
    await vi.waitFor(isGone, { timeout: 1000, interval: 10 })
  })

  it('closes the connection when the reader walks away or never gets headers', async () => {
    const early = new AbortController()
    const waiting = runAnswer(client, toCall(provider, 'fault=no-response'), { signal: early.signal })
    await vi.waitFor(() => {
      expect(simulator.counters().providers[provider].requests).toBe(1)
    })
    early.abort()
    expect(await waiting).toEqual([])
    await vi.waitFor(
      () => {
        expect(simulator.counters().providers[provider].inFlight).toBe(0)
      },
      { timeout: 1000, interval: 10 },
    )
  })
})
