import type { ProviderAdapter } from '../provider-adapter.ts'
import { abilities } from './abilities.ts'
import { createDecoder } from './decode.ts'
import { toHttpFailure } from './map-error.ts'
import { parseFetchedAnswer } from './parse-fetched-answer.ts'
import { toFeedbackRequest, toFetchAnswerRequest, toReattachRequest, toRequest, toStopRequest } from './to-request.ts'
import { uploadFile } from './upload-file.ts'

/** Dify chat, agent and chatflow apps. */
export const difyAdapter: ProviderAdapter = {
  abilities,
  toRequest,
  createDecoder,
  toFailure: toHttpFailure,
  toStopRequest,
  toFeedbackRequest,
  toReattachRequest,
  toFetchAnswerRequest,
  parseFetchedAnswer,
  toRemoveTurnRequest: () => null,
  uploadFile,
  canContinue: () => false,
}
