import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, toApiError } from './api-error.ts'
import { authExpiry, reportSignedIn } from './auth-expiry.ts'
import { isRetryable } from './create-query-client.ts'
import { toRetryAfterMs } from './read-api-error.ts'
import { requestJson } from './request-json.ts'

interface Sent {
  method: string
  headers: Headers
  body: string | null
}

let sent: Sent[]

beforeEach(() => {
  sent = []
  reportSignedIn()
})

afterEach(() => vi.unstubAllGlobals())

/** The browser's side of the wire: what was sent is kept, what comes back is what `answer` gives. */
function stubFetch(answer: (signal: AbortSignal) => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const request = new Request(`http://chat.example${path}`, init)
    const body = request.body ? await request.text() : null
    sent.push({ method: request.method, headers: request.headers, body })
    return answer(request.signal)
  })
}

function answerError(status: number, body: string, headers: Record<string, string> = {}): void {
  stubFetch(() => new Response(status === 204 ? null : body, { status, headers }))
}

async function catchError(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  )
}

describe('requestJson', () => {
  it('sends JSON and reads JSON', async () => {
    stubFetch(() => Response.json({ 好: 1 }))
    expect(await requestJson('/a', { method: 'POST', body: { 名: 1 } })).toEqual({ 好: 1 })
    expect(sent[0]).toMatchObject({ method: 'POST', body: '{"名":1}' })
    expect(sent[0]?.headers.get('content-type')).toBe('application/json')
  })

  it('takes the token that belongs to this host alone before one that is left of an older version', async () => {
    vi.stubGlobal('document', { cookie: 'XSRF-TOKEN=old; __Host-XSRF-TOKEN=new' })
    stubFetch(() => Response.json({}))
    await requestJson('/a', { method: 'DELETE' })
    expect(sent[0]?.headers.get('x-xsrf-token')).toBe('new')
  })

  it('sends the CSRF token of the cookie on unsafe methods only', async () => {
    vi.stubGlobal('document', { cookie: 'a=b; XSRF-TOKEN=t%2Bk; c=d' })
    stubFetch(() => Response.json({}))
    await requestJson('/a', { method: 'DELETE' })
    await requestJson('/a')
    expect(sent.map(({ headers }) => headers.get('x-xsrf-token'))).toEqual(['t+k', null])
  })

  it('gives undefined for 204', async () => {
    answerError(204, '')
    expect(await requestJson('/a')).toBeUndefined()
  })

  it('throws what the error body says', async () => {
    const body = JSON.stringify({ error: { code: 'rate_limited', message: 'Slow down.', requestId: 'r1' } })
    answerError(429, body, { 'retry-after': '7' })
    const error = await catchError(requestJson('/a'))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'rate_limited',
      message: 'Slow down.',
      requestId: 'r1',
      status: 429,
      retryAfterMs: 7000,
    })
  })

  it.each([
    [502, 'overloaded'],
    [404, 'not_found'],
    [500, 'internal'],
    [418, 'internal'],
  ])("reads a proxy's own page with status %i as %s", async (status, code) => {
    answerError(status, '<html>nginx</html>', { 'x-request-id': 'r2' })
    expect(await catchError(requestJson('/a'))).toMatchObject({ code, status, requestId: 'r2' })
  })

  it('takes a code of a newer server for internal', async () => {
    answerError(400, JSON.stringify({ error: { code: 'toString', message: 'x', requestId: 'r' } }))
    expect(await catchError(requestJson('/a'))).toMatchObject({ code: 'internal', status: 400 })
  })

  it('reports a refused login, but not a wrong password', async () => {
    answerError(401, JSON.stringify({ error: { code: 'invalid_credentials', message: 'x', requestId: 'r' } }))
    await catchError(requestJson('/a', { method: 'POST' }))
    expect(authExpiry.getState().isExpired).toBe(false)
    answerError(401, JSON.stringify({ error: { code: 'unauthenticated', message: 'x', requestId: 'r' } }))
    await catchError(requestJson('/a'))
    expect(authExpiry.getState().isExpired).toBe(true)
  })

  it('calls a lost connection and a broken body network', async () => {
    stubFetch(() => Promise.reject(new TypeError('fetch failed')))
    const error = await catchError(requestJson('/a'))
    expect(error).toMatchObject({ code: 'network', status: 0 })
    expect(isRetryable(error)).toBe(true)
    answerError(200, '{"half":')
    expect(await catchError(requestJson('/a'))).toMatchObject({ code: 'network' })
  })

  it('lets an abort through as what it is', async () => {
    const controller = new AbortController()
    stubFetch((signal) => {
      controller.abort()
      signal.throwIfAborted()
      return Response.json({})
    })
    const error = await catchError(requestJson('/a', { signal: controller.signal }))
    expect(error).toMatchObject({ name: 'AbortError' })
  })
})

describe('the rest of the error reading', () => {
  it('reads Retry-After in seconds and as a date', () => {
    expect(toRetryAfterMs('3', 0)).toBe(3000)
    expect(toRetryAfterMs('Thu, 01 Jan 1970 00:00:05 GMT', 2000)).toBe(3000)
    expect(toRetryAfterMs('Thu, 01 Jan 1970 00:00:05 GMT', 9000)).toBe(0)
    expect(toRetryAfterMs('soon', 0)).toBeNull()
    expect(toRetryAfterMs(null, 0)).toBeNull()
  })

  it('keeps the cause of what is no API error', () => {
    const cause = new TypeError('x')
    expect(toApiError(cause)).toMatchObject({ code: 'internal', cause })
    expect(isRetryable(cause)).toBe(false)
  })
})
