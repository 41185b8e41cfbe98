import type { FinishReason } from '@llmchat/protocol/chat-event'

/** FastGPT says `stop`, whatever happened; other reasons come from the model of the last node. */
export function mapFinish(reason: string): FinishReason {
  if (reason === 'length') return 'length'
  return reason === 'stop' || reason === '' ? 'stop' : 'other'
}
