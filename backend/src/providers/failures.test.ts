import { describe, expect, it } from 'vitest'
import { toPrefill } from './continuation.ts'
import { cutText } from './cut-text.ts'
import { getAdapter } from './find-adapter.ts'
import { findRetryAfterMs } from './find-retry-after.ts'
import { findErrorMessage, toCleanText } from './provider-failure.ts'

type Row = readonly [status: number, body: unknown, code: string, isRetryable: boolean]

function openai(type: string, code: string | number | null, message = 'm'): unknown {
  return { error: { message, type, param: null, code } }
}

const openaiRows: Row[] = [
  [400, openai('invalid_request_error', 'context_length_exceeded'), 'upstream_context_too_long', false],
  [
    400,
    openai('invalid_request_error', null, "This model's maximum context length is 4 tokens"),
    'upstream_context_too_long',
    false,
  ],
  [400, openai('invalid_request_error', 'content_filter'), 'upstream_content_filter', false],
  [400, openai('BadRequestError', 400), 'upstream_rejected', false],
  [401, openai('invalid_request_error', 'invalid_api_key'), 'upstream_auth', false],
  [402, { error: { message: 'Insufficient Balance' } }, 'upstream_quota', false],
  [403, openai('permission', 'unsupported_country'), 'upstream_auth', false],
  [404, openai('invalid_request_error', 'model_not_found'), 'upstream_not_found', false],
  [408, {}, 'upstream_failed', true],
  [409, {}, 'upstream_failed', true],
  [422, { detail: [{ msg: 'field required' }] }, 'upstream_rejected', false],
  [
    429,
    openai('tokens', 'rate_limit_exceeded', 'Rate limit reached. See account/billing.'),
    'upstream_rate_limited',
    true,
  ],
  [429, openai('insufficient_quota', 'insufficient_quota'), 'upstream_quota', false],
  [429, 'slow down', 'upstream_rate_limited', true],
  [500, openai('server_error', null), 'upstream_failed', true],
  [503, 'overloaded', 'upstream_failed', true],
  [200, { unexpected: true }, 'upstream_bad_response', true],
]

function anthropic(type: string, message = 'm', details?: unknown): unknown {
  return { type: 'error', error: { type, message, details }, request_id: 'req_1' }
}

const anthropicRows: Row[] = [
  [400, anthropic('invalid_request_error', 'prompt is too long: 9 tokens'), 'upstream_context_too_long', false],
  [400, anthropic('invalid_request_error'), 'upstream_rejected', false],
  [401, anthropic('authentication_error'), 'upstream_auth', false],
  [402, anthropic('billing_error'), 'upstream_quota', false],
  [403, anthropic('permission_error'), 'upstream_auth', false],
  [404, anthropic('not_found_error'), 'upstream_not_found', false],
  [409, anthropic('conflict_error'), 'upstream_failed', true],
  [413, anthropic('request_too_large'), 'upstream_context_too_long', false],
  [429, anthropic('rate_limit_error'), 'upstream_rate_limited', true],
  [429, anthropic('rate_limit_error', 'm', { error_code: 'enforced_spend_limit_reached' }), 'upstream_quota', false],
  [500, anthropic('api_error'), 'upstream_failed', true],
  [504, anthropic('timeout_error'), 'upstream_failed', true],
  [529, anthropic('overloaded_error'), 'upstream_failed', true],
]

function fastgpt(code: number, statusText = ''): unknown {
  return { code, statusText, message: 'm', data: null }
}

const fastgptRows: Row[] = [
  [500, fastgpt(403, 'unAuthorization'), 'upstream_auth', false],
  [500, fastgpt(510, 'insufficientQuota'), 'upstream_quota', false],
  [500, fastgpt(511, 'unAuthModel'), 'upstream_auth', false],
  [500, fastgpt(514, 'unAuthApiKey'), 'upstream_auth', false],
  [500, fastgpt(504000, 'unAuthChat'), 'upstream_auth', false],
  [500, fastgpt(506002), 'upstream_quota', false],
  [500, fastgpt(409, 'chatIsGenerating'), 'upstream_busy', true],
  [500, fastgpt(500, 'chatIsGenerating'), 'upstream_busy', true],
  [500, fastgpt(500, ''), 'upstream_failed', true],
  [429, fastgpt(429, ''), 'upstream_rate_limited', true],
]

function dify(code: string, status: number): unknown {
  return { code, message: 'm', status }
}

const difyRows: Row[] = [
  [400, dify('invalid_param', 400), 'upstream_rejected', false],
  [400, dify('provider_quota_exceeded', 400), 'upstream_quota', false],
  [400, dify('provider_not_initialize', 400), 'upstream_auth', false],
  [400, dify('model_currently_not_support', 400), 'upstream_not_found', false],
  [401, dify('unauthorized', 401), 'upstream_auth', false],
  [404, dify('not_found', 404), 'upstream_not_found', false],
  [429, dify('too_many_requests', 429), 'upstream_rate_limited', true],
  [500, dify('internal_server_error', 500), 'upstream_failed', true],
  [503, 'Service Unavailable', 'upstream_failed', true],
]

describe.each([
  ['openai', openaiRows],
  ['openai-responses', openaiRows],
  ['anthropic', anthropicRows],
  ['fastgpt', fastgptRows],
  ['dify', difyRows],
] as const)('%s', (provider, rows) => {
  it.each(rows)('%i %j', (status, content, code, isRetryable) => {
    const body = typeof content === 'string' ? content : JSON.stringify(content)
    const failure = getAdapter(provider).toFailure({ status, headers: {}, body })
    expect(failure).toMatchObject({ code, isRetryable, status })
    expect(failure.message).not.toBe('')
  })
})

describe('x-should-retry', () => {
  it.each(['openai', 'anthropic'] as const)('wins at %s', (provider) => {
    const adapter = getAdapter(provider)
    expect(adapter.toFailure({ status: 500, headers: { 'x-should-retry': 'false' }, body: '' }).isRetryable).toBe(false)
    expect(adapter.toFailure({ status: 400, headers: { 'x-should-retry': 'true' }, body: '' }).isRetryable).toBe(true)
  })
})

describe('findRetryAfterMs', () => {
  const date = 'Sun, 22 Nov 2026 10:00:00 GMT'

  it.each([
    [{}, undefined],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [{ date, 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ date, 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '999999' }, 3_600_000],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
    [{ 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-reset-requests': '6m0s' }, undefined],
    [
      {
        date,
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-11-22T10:00:12Z',
        'anthropic-ratelimit-requests-remaining': '3',
        'anthropic-ratelimit-requests-reset': '2026-11-22T10:05:00Z',
      },
      12_000,
    ],
  ])('%j', (headers, expected) => {
    expect(findRetryAfterMs(headers, null)).toBe(expected)
  })
})

describe('messages', () => {
  it('are found in every shape', () => {
    expect(findErrorMessage('{"error":{"message":"a"}}')).toBe('a')
    expect(findErrorMessage('{"error":"b"}')).toBe('b')
    expect(findErrorMessage('{"message":"c"}')).toBe('c')
    expect(findErrorMessage('{"detail":"d"}')).toBe('d')
    expect(findErrorMessage('{"detail":[{"msg":"e"},{"msg":"f"}]}')).toBe('e f')
    expect(findErrorMessage('  plain\n text ')).toBe('plain text')
    expect(findErrorMessage('<html><head><title>T</title><script>x()</script></head><p>Body</p>')).toBe('T Body')
  })

  it('lose keys and control characters and never a half character', () => {
    expect(toCleanText('bad key sk-abcdefgh12345 given\u0000')).toBe('bad key [key] given')
    expect(toCleanText('got Bearer abc.def')).toBe('got [key]')
    expect(cutText('ab👋c', 4)).toBe('ab…')
    expect(cutText('👋👋', 10)).toBe('👋👋')
  })
})

describe('toPrefill', () => {
  it('drops the white space that the model repeats, and only that', () => {
    const prefill = toPrefill('So far\n\n ')
    expect(prefill?.text).toBe('So far')
    expect(prefill?.dropRepeat('\n')).toBe('')
    expect(prefill?.dropRepeat('\n')).toBe('')
    expect(prefill?.dropRepeat(' then \n')).toBe('then \n')
    expect(prefill?.dropRepeat('\n')).toBe('\n')
    expect(toPrefill('So far\n')?.dropRepeat('and')).toBe('and')
    expect(toPrefill(' \n')).toBeNull()
    expect(toPrefill(null)).toBeNull()
  })
})
