import type { ProviderAdapter, ProviderTarget } from '../provider-adapter.ts'
import { abilities } from './abilities.ts'
import { createDecoder } from './decode.ts'
import { toHttpFailure } from './map-error.ts'
import { toRequest } from './to-request.ts'

/** vLLM and DeepSeek can; OpenAI itself can't, and others don't say. `options.canContinue`: true, 'vllm' or 'prefix'. */
function canContinue(target: ProviderTarget): boolean {
  const flag = target.options['canContinue']
  return flag === true || flag === 'vllm' || flag === 'prefix'
}

/** OpenAI Chat Completions and every server that speaks it. */
export const openaiAdapter: ProviderAdapter = {
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
