import { errorCatalogue } from '@llmchat/protocol/error-code'
import { AppError } from '../base/app-error.ts'
import type { ProviderCall } from './provider-adapter.ts'
import type { ProviderFailure, ProviderPart } from './provider-part.ts'

/** An error of the way to the upstream. Throws any other again: that is a bug of ours. */
export function toErrorFailure(error: unknown): ProviderFailure {
  if (!(error instanceof AppError)) throw error
  const { code, message, retryAfterMs } = error
  const { isRetryable } = errorCatalogue[code]
  return { code, message, isRetryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** The key must not get out by an upstream that echoes it. */
export function toScrubbedPart(failure: ProviderFailure, call: ProviderCall): ProviderPart {
  const key = call.target.apiKey ?? ''
  const message = key === '' ? failure.message : failure.message.replaceAll(key, '[key]')
  return { type: 'failure', failure: { ...failure, message } }
}
