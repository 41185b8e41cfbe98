import type { FinishReason } from '@llmchat/protocol/chat-event'

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
}

/** Unknown reasons, and `pause_turn`, are `other`. */
export function mapFinish(stopReason: string): FinishReason {
  return reasons[stopReason] ?? 'other'
}
