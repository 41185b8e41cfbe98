import type { ChatEvent, StartMetadata } from './chat-event.ts'
import type { FoldedMessage } from './fold-message.ts'
import type { MessagePart } from './message-part.ts'

/**
 * Events that fold to `message`: how a viewer whose place in the log is gone gets a snapshot. Open parts stay open, so
 * that later deltas find them.
 */
export function unfoldMessage(message: FoldedMessage, messageId: string, metadata: StartMetadata): ChatEvent[] {
  const events: ChatEvent[] = [{ type: 'start', messageId, messageMetadata: metadata }]
  const firstValid = message.parts.findLastIndex((part) => part.type === 'text' && part.isSuperseded === true) + 1
  message.parts.forEach((part, index) => {
    if (index === firstValid && index > 0) events.push({ type: 'data-superseded', data: { reason: 'replaced' } })
    events.push(...unfoldPart(part))
  })
  if (firstValid > 0 && firstValid === message.parts.length)
    events.push({ type: 'data-superseded', data: { reason: 'replaced' } })
  events.push({ type: 'data-delivery', data: message.delivery })
  if (message.usage) events.push({ type: 'data-usage', data: message.usage })
  if (message.timing) events.push({ type: 'data-timing', data: message.timing })
  return events
}

function unfoldPart(part: MessagePart): ChatEvent[] {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return unfoldText(part)
    case 'step': {
      const { type: _type, id, ...data } = part
      return [{ type: 'data-step', id, data }]
    }
    case 'input-request':
      return [{ type: 'data-input-request', id: part.id, data: part.request }]
    case 'source':
      return [
        part.url === undefined
          ? { type: 'source-document', sourceId: part.id, mediaType: 'text/plain', title: part.title }
          : { type: 'source-url', sourceId: part.id, url: part.url, title: part.title },
      ]
    case 'tool':
      return unfoldTool(part)
    case 'file':
      return []
  }
}

function unfoldText(part: Extract<MessagePart, { type: 'text' | 'reasoning' }>): ChatEvent[] {
  const { type, id } = part
  const events: ChatEvent[] = [{ type: `${type}-start`, id }]
  if (part.text !== '') events.push({ type: `${type}-delta`, id, delta: part.text })
  if (!part.isOpen) events.push({ type: `${type}-end`, id })
  return events
}

function unfoldTool(part: Extract<MessagePart, { type: 'tool' }>): ChatEvent[] {
  const { id: toolCallId, toolName } = part
  const events: ChatEvent[] = [{ type: 'tool-input-start', toolCallId, toolName, dynamic: true }]
  if (part.inputText !== '') events.push({ type: 'tool-input-delta', toolCallId, inputTextDelta: part.inputText })
  if (part.input !== undefined)
    events.push({ type: 'tool-input-available', toolCallId, toolName, input: part.input, dynamic: true })
  if (part.output !== undefined)
    events.push({ type: 'tool-output-available', toolCallId, output: part.output, dynamic: true })
  if (part.errorText !== undefined)
    events.push({ type: 'tool-output-error', toolCallId, errorText: part.errorText, dynamic: true })
  return events
}
