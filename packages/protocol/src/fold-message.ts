import type { AnsweringAgent, ChatEvent, Delivery, Timing, Usage } from './chat-event.ts'
import type { MessagePart } from './message-part.ts'

/** An answer as its events tell it. Plain JSON: a checkpoint stores it, a browser paints it. */
export interface FoldedMessage {
  messageId: string | null
  /** The agent that answers, also where another one was asked. */
  agentId: string | null
  /** Null: the agent that was asked answers itself. */
  answeredBy: AnsweringAgent | null
  generationId: string | null
  parts: readonly MessagePart[]
  delivery: Delivery
  usage: Usage | null
  timing: Timing | null
}

export const emptyMessage: FoldedMessage = {
  messageId: null,
  agentId: null,
  answeredBy: null,
  generationId: null,
  parts: [],
  delivery: { state: 'accepted' },
  usage: null,
  timing: null,
}

/** Folds many events; `fold(all) = fold(fold(first k), the rest)` for every k. */
export function foldEvents(message: FoldedMessage, events: Iterable<ChatEvent>): FoldedMessage {
  let folded = message
  for (const event of events) folded = foldEvent(folded, event)
  return folded
}

/**
 * Pure. Parts an event does not touch keep their identity, so that a renderer can skip them. An event of an unknown
 * type changes nothing: a tab opened before an upgrade must survive it.
 */
export function foldEvent(message: FoldedMessage, event: ChatEvent): FoldedMessage {
  switch (event.type) {
    case 'start':
      // A start begins anew: a resumed viewer may be given a snapshot instead of the events it missed.
      return {
        ...emptyMessage,
        messageId: event.messageId,
        agentId: event.messageMetadata.agentId,
        generationId: event.messageMetadata.generationId,
      }
    case 'data-agent':
      return { ...message, agentId: event.data.agentId, answeredBy: event.data }
    case 'data-delivery':
      return { ...message, delivery: event.data }
    case 'data-usage':
      return { ...message, usage: event.data }
    case 'data-timing':
      return { ...message, timing: event.data }
    case 'data-quota':
    case 'finish':
    case 'abort':
    case 'error':
      return message
    default: {
      const parts = foldParts(message.parts, event)
      return parts === message.parts ? message : { ...message, parts }
    }
  }
}

type PartEvent = Exclude<
  ChatEvent,
  {
    type:
      | 'start'
      | 'data-agent'
      | 'data-quota'
      | 'data-delivery'
      | 'data-usage'
      | 'data-timing'
      | 'finish'
      | 'abort'
      | 'error'
  }
>
type Parts = readonly MessagePart[]

function foldParts(parts: Parts, event: PartEvent): Parts {
  switch (event.type) {
    case 'text-start':
      return [...parts, { type: 'text', id: event.id, text: '', isOpen: true }]
    case 'reasoning-start':
      return [...parts, { type: 'reasoning', id: event.id, text: '', isOpen: true }]
    case 'text-delta':
    case 'reasoning-delta':
      return changePart(parts, event.id, (part) =>
        part.type === 'text' || part.type === 'reasoning' ? { ...part, text: part.text + event.delta } : part,
      )
    case 'text-end':
    case 'reasoning-end':
      return changePart(parts, event.id, closePart)
    case 'data-step':
      return putPart(parts, { type: 'step', id: event.id, ...event.data })
    case 'data-input-request':
      return putPart(parts, { type: 'input-request', id: event.id, request: event.data })
    case 'source-url':
      return putPart(parts, { type: 'source', id: event.sourceId, title: event.title ?? event.url, url: event.url })
    case 'source-document':
      return putPart(parts, { type: 'source', id: event.sourceId, title: event.title })
    case 'data-superseded':
      return parts.map((part) => (part.type === 'text' && !part.isSuperseded ? { ...part, isSuperseded: true } : part))
    default:
      return foldTool(parts, event)
  }
}

type ToolEvent = Extract<PartEvent, { toolCallId: string }>

function foldTool(parts: Parts, event: ToolEvent): Parts {
  switch (event.type) {
    case 'tool-input-start':
      return putPart(parts, { type: 'tool', id: event.toolCallId, toolName: event.toolName, inputText: '' })
    case 'tool-input-delta':
      return changeTool(parts, event.toolCallId, (tool) => ({ inputText: tool.inputText + event.inputTextDelta }))
    case 'tool-input-available':
      return changeTool(parts, event.toolCallId, () => ({ toolName: event.toolName, input: event.input }))
    case 'tool-output-available':
      return changeTool(parts, event.toolCallId, () => ({ output: event.output }))
    case 'tool-output-error':
      return changeTool(parts, event.toolCallId, () => ({ errorText: event.errorText }))
    default:
      event satisfies never
      return parts
  }
}

type ToolPart = Extract<MessagePart, { type: 'tool' }>

function changeTool(parts: Parts, id: string, change: (tool: ToolPart) => Partial<ToolPart>): Parts {
  return changePart(parts, id, (part) => (part.type === 'tool' ? { ...part, ...change(part) } : part))
}

function closePart(part: MessagePart): MessagePart {
  if (part.type !== 'text' && part.type !== 'reasoning') return part
  const { isOpen: _isOpen, ...closed } = part
  return closed
}

function changePart(parts: Parts, id: string, change: (part: MessagePart) => MessagePart): Parts {
  const index = findLastIndex(parts, id)
  const part = parts[index]
  if (!part) return parts
  const next = [...parts]
  next[index] = change(part)
  return next
}

function putPart(parts: Parts, part: MessagePart): Parts {
  const index = findLastIndex(parts, part.id)
  if (index === -1) return [...parts, part]
  const next = [...parts]
  next[index] = part
  return next
}

function findLastIndex(parts: Parts, id: string): number {
  for (let index = parts.length - 1; index >= 0; index--) if (parts[index]?.id === id) return index
  return -1
}
