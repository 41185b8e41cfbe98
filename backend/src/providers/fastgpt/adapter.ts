import type { ProviderAdapter } from '../provider-adapter.ts'
import { abilities } from './abilities.ts'
import { createDecoder } from './decode.ts'
import { toHttpFailure } from './map-error.ts'
import { parseFetchedAnswer } from './parse-fetched-answer.ts'
import { toRequest } from './to-request.ts'
import { toFeedbackRequest, toFetchAnswerRequest, toRemoveTurnRequest, toStopRequest } from './to-side-request.ts'
import { uploadFile } from './upload-file.ts'

/** FastGPT applications. */
export const fastgptAdapter: ProviderAdapter = {
  abilities,
  toRequest,
  createDecoder,
  toFailure: toHttpFailure,
  toStopRequest,
  toFeedbackRequest,
  toReattachRequest: () => null,
  toFetchAnswerRequest,
  parseFetchedAnswer,
  toRemoveTurnRequest,
  uploadFile,
  canContinue: () => false,
}
