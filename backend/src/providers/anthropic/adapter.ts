import type { ProviderAdapter } from '../provider-adapter.ts'
import { abilities } from './abilities.ts'
import { canContinue } from './can-continue.ts'
import { createDecoder } from './decode.ts'
import { toHttpFailure } from './map-error.ts'
import { toRequest } from './to-request.ts'

/** Anthropic Messages. */
export const anthropicAdapter: ProviderAdapter = {
  abilities,
  toRequest,
  createDecoder,
  toFailure: toHttpFailure,
  toStopRequest: () => null,
  toFeedbackRequest: () => null,
  toReattachRequest: () => null,
  toFetchAnswerRequest: () => null,
  parseFetchedAnswer: () => null,
  toRemoveTurnRequest: () => null,
  uploadFile: null,
  canContinue,
}
