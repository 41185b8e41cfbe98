import { toApiError } from '../api/api-error.ts'
import { findQuota, toRefusalText } from '../quota/quota-text.ts'
import type { Text, TextKey } from './text-key.ts'
import type { ClientErrorCode } from '../api/api-error.ts'

/** What happened, what became of your text, what to do next, for a code of the error catalogue. */
export function toCodeText(text: Text, code: ClientErrorCode): string {
  const key: TextKey = `error.${code}`
  return text(key)
}

/** The same for anything thrown; what is no `ApiError` counts as `internal`. */
export function toErrorText(text: Text, error: unknown): string {
  const { code, details } = toApiError(error)
  const quota = code === 'quota_exceeded' ? findQuota(details) : null
  return quota ? toRefusalText(text, quota) : toCodeText(text, code)
}
