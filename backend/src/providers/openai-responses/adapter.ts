import { toHttpFailure } from '../openai/map-error.ts'
import type { ProviderAdapter } from '../provider-adapter.ts'
import { abilities } from './abilities.ts'
import { createDecoder } from './decode.ts'
import { toReattachRequest, toRequest, toStopRequest } from './to-request.ts'

/** OpenAI Responses API. */
export const openaiResponsesAdapter: ProviderAdapter = {
  abilities,
  toRequest,
  createDecoder,
  toFailure: toHttpFailure,
  toStopRequest,
  toFeedbackRequest: () => null,
  toReattachRequest,
  toFetchAnswerRequest: () => null,
  parseFetchedAnswer: () => null,
  toRemoveTurnRequest: () => null,
  uploadFile: null,
  canContinue: () => false,
}
