import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { toPlainText, type MessagePart } from '@llmchat/protocol/message-part'
import { toEndError, toFinishReason, toOpenAiUsage, type ChunkHead } from './to-chunks.ts'

/** A whole answer as OpenAI's `chat.completion`. Errors: the answer's own, when it is not whole. */
export function toCompletion(head: ChunkHead, message: FoldedMessage): object {
  const { delivery } = message
  if (delivery.state !== 'complete' && delivery.state !== 'stopped') throw toEndError(delivery)
  const toolCalls = message.parts.flatMap(toToolCall)
  const text = toPlainText(message.parts)
  const reasoning = message.parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('')
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
        },
        logprobs: null,
        finish_reason: toFinishReason(delivery),
      },
    ],
    ...(message.usage ? { usage: toOpenAiUsage(message.usage) } : {}),
  }
}

function toToolCall(part: MessagePart): object[] {
  if (part.type !== 'tool') return []
  const text = part.inputText === '' ? JSON.stringify(part.input ?? {}) : part.inputText
  return [{ id: part.id, type: 'function', function: { name: part.toolName, arguments: text } }]
}
