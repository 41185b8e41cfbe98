import { readApiError, toNetworkError } from './read-api-error.ts'
import { reportAuthExpired } from './auth-expiry.ts'

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
}

/**
 * One request to our own API, answer as JSON; `undefined` for 204. Throws `ApiError` for an error answer or when no
 * answer came, and AbortError when `signal` ended it. A refused login is also reported to `authExpiry`.
 */
export async function requestJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await requestResponse(path, options)
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (error) {
    throw toNetworkError(error)
  }
}

/** The same for an answer that is no JSON (a stream, a download). The body is not read yet. */
export async function requestResponse(path: string, options: RequestOptions = {}): Promise<Response> {
  const response = await send(path, options)
  if (response.ok) return response
  const error = await readApiError(response)
  if (error.status === 401 && !signInRefusals.includes(error.code)) reportAuthExpired()
  throw error
}

/** A 401 that speaks of what was typed just now. */
const signInRefusals: readonly string[] = ['invalid_credentials', 'second_step_invalid', 'second_step_expired']

async function send(path: string, { method = 'GET', body, headers, signal }: RequestOptions): Promise<Response> {
  const token = method === 'GET' ? null : findXsrfToken()
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { 'x-xsrf-token': token }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }
  try {
    return await fetch(path, init)
  } catch (error) {
    throw toNetworkError(error)
  }
}

/** The server binds this cookie to the login session; a page of another origin cannot read it. */
export function findXsrfToken(): string | null {
  if (typeof document === 'undefined') return null
  // On https `__Host-`; one without it may be left of an older version there.
  const match =
    /(?:^|; )__Host-XSRF-TOKEN=([^;]*)/.exec(document.cookie) ?? /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)
  return match?.[1] ? decodeURIComponent(match[1]) : null
}
