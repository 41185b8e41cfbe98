import type { FinishReason } from '@llmchat/protocol/chat-event'

/** `model_length` is Mistral's; `eos` and `end_turn` come from small servers. */
const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  length: 'length',
  model_length: 'length',
  max_tokens: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
}

/** Unknown reasons are `other`. */
export function mapFinish(reason: string): FinishReason {
  return reasons[reason] ?? 'other'
}
