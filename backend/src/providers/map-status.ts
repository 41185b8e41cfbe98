import type { ErrorCode } from '@llmchat/protocol/error-code'

/** What an HTTP status alone says. */
export function mapStatus(status: number): { code: ErrorCode; isRetryable: boolean } {
  if (status >= 500) return { code: 'upstream_failed', isRetryable: true }
  switch (status) {
    case 401:
    case 403:
      return { code: 'upstream_auth', isRetryable: false }
    case 402:
      return { code: 'upstream_quota', isRetryable: false }
    case 404:
      return { code: 'upstream_not_found', isRetryable: false }
    case 408:
    case 409:
    case 425:
      return { code: 'upstream_failed', isRetryable: true }
    case 429:
      return { code: 'upstream_rate_limited', isRetryable: true }
    default:
      if (status >= 300) return { code: 'upstream_rejected', isRetryable: false }
      return { code: 'upstream_bad_response', isRetryable: true }
  }
}
