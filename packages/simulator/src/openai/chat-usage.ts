import type { JsonObject } from '../http/json-fields.ts'
import type { Quirk } from '../plan.ts'

export interface TokenFigures {
  prompt: number
  answer: number
  reasoning: number
}

/** The usage object of a chat completion, with what the compatible server adds to it. */
export function toChatUsage(figures: TokenFigures, quirk: Quirk | null): JsonObject {
  const completion = figures.answer + figures.reasoning
  const usage: JsonObject = {
    prompt_tokens: figures.prompt,
    completion_tokens: completion,
    total_tokens: figures.prompt + completion,
  }
  if (quirk === null || quirk === 'azure') {
    usage['prompt_tokens_details'] = { cached_tokens: 0, audio_tokens: 0 }
    usage['completion_tokens_details'] = {
      reasoning_tokens: figures.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    }
  }
  if (quirk === 'deepseek') {
    usage['prompt_tokens_details'] = { cached_tokens: 0 }
    usage['completion_tokens_details'] = {
      reasoning_tokens: figures.reasoning,
    }
    usage['prompt_cache_hit_tokens'] = 0
    usage['prompt_cache_miss_tokens'] = figures.prompt
  }
  if (quirk === 'groq') {
    usage['queue_time'] = 0.05
    usage['prompt_time'] = 0.002
    usage['completion_time'] = completion / 500
    usage['total_time'] = completion / 500 + 0.002
  }
  return usage
}
