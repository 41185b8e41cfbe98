import { isErrorCode } from '@llmchat/protocol/error-code'
import { ApiError } from './api-error.ts'
import type { ClientErrorCode } from './api-error.ts'

/** Reads `{error:{code,message,requestId}}`; a proxy's page in its place becomes a code that fits its status. */
export async function readApiError(response: Response): Promise<ApiError> {
  const body = await readBody(response)
  return new ApiError({
    code: isErrorCode(body?.code) ? body.code : toCode(response.status),
    message: typeof body?.message === 'string' ? body.message : `HTTP ${response.status}`,
    requestId: typeof body?.requestId === 'string' ? body.requestId : response.headers.get('x-request-id'),
    status: response.status,
    retryAfterMs: toRetryAfterMs(response.headers.get('retry-after'), Date.now()),
    details: body?.['details'],
  })
}

/** What `fetch` or a body that broke off threw. An abort is the caller's own act and stays what it is. */
export function toNetworkError(error: unknown): unknown {
  if (error instanceof Error && error.name === 'AbortError') return error
  const message = 'The server is not reachable.'
  return new ApiError({ code: 'network', message, requestId: null, status: 0, retryAfterMs: null, cause: error })
}

/** Seconds or an HTTP date, as ms from `nowMs`; null when it says neither. */
export function toRetryAfterMs(header: string | null, nowMs: number): number | null {
  if (!header) return null
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

async function readBody(response: Response): Promise<Record<string, unknown> | null> {
  try {
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null || !('error' in body)) return null
    return typeof body.error === 'object' && body.error !== null ? { ...body.error } : null
  } catch {
    return null
  }
}

function toCode(status: number): ClientErrorCode {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 413) return 'body_too_large'
  if (status === 429) return 'rate_limited'
  return status === 502 || status === 503 || status === 504 ? 'overloaded' : 'internal'
}
