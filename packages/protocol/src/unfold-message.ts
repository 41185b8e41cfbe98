import type { ChatEvent, StartMetadata } from './chat-event.ts'
import type { FoldedMessage } from './fold-message.ts'
import type { MessagePart } from './message-part.ts'

/**
 * Events that fold to `message`: how a viewer whose place in the log is gone gets a snapshot. Open parts stay open, so
 * that later deltas find them.
 */
export function unfoldMessage(message: FoldedMessage, messageId: string, metadata: StartMetadata): ChatEvent[] {
  const start: ChatEvent = { type: 'start', messageId, messageMetadata: metadata }
  const { delivery, usage, timing } = message
  return [
    start,
    ...unfoldAgent(message),
    ...unfoldParts([], message.parts),
    { type: 'data-delivery', data: delivery },
    ...unfoldFigures({ usage: null, timing: null }, { usage, timing }),
  ]
}

/**
 * Events that lead from one state of an answer to a later one of the same answer: how a viewer follows from checkpoint to
 * checkpoint while the log is away. Parts only grow, close and are added, so nothing shown is ever repeated.
 */
export function unfoldGrowth(before: FoldedMessage, after: FoldedMessage): ChatEvent[] {
  return [
    ...(isSame(before.answeredBy, after.answeredBy) ? [] : unfoldAgent(after)),
    ...unfoldParts(before.parts, after.parts),
    ...(isSame(before.delivery, after.delivery) ? [] : [{ type: 'data-delivery' as const, data: after.delivery }]),
    ...unfoldFigures(before, after),
  ]
}

function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

function unfoldAgent({ answeredBy }: Pick<FoldedMessage, 'answeredBy'>): ChatEvent[] {
  return answeredBy ? [{ type: 'data-agent', data: answeredBy }] : []
}

type Figures = Pick<FoldedMessage, 'usage' | 'timing'>

function unfoldFigures(before: Figures, after: Figures): ChatEvent[] {
  const events: ChatEvent[] = []
  if (after.usage && !isSame(before.usage, after.usage)) events.push({ type: 'data-usage', data: after.usage })
  if (after.timing && !isSame(before.timing, after.timing)) events.push({ type: 'data-timing', data: after.timing })
  return events
}

function unfoldParts(before: readonly MessagePart[], after: readonly MessagePart[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const firstValid = findFirstValid(after)
  const isNewlySuperseded = firstValid > findFirstValid(before)
  const superseded: ChatEvent = { type: 'data-superseded', data: { reason: 'replaced' } }
  // What was shown already grows first, then it is withdrawn.
  const supersededAt = isNewlySuperseded ? Math.max(firstValid, before.length) : -1
  after.forEach((part, index) => {
    if (index === supersededAt) events.push(superseded)
    const known = before[index]
    events.push(...(known ? unfoldPartGrowth(known, part) : unfoldPart(part)))
  })
  if (supersededAt === after.length) events.push(superseded)
  return events
}

function findFirstValid(parts: readonly MessagePart[]): number {
  return parts.findLastIndex((part) => part.type === 'text' && part.isSuperseded === true) + 1
}

function unfoldPartGrowth(before: MessagePart, after: MessagePart): ChatEvent[] {
  if (after.type === 'text' || after.type === 'reasoning') {
    const { type, id, text } = after
    const shown = before.type === type ? before.text : ''
    const events: ChatEvent[] = []
    if (text.length > shown.length) events.push({ type: `${type}-delta`, id, delta: text.slice(shown.length) })
    if (!after.isOpen && 'isOpen' in before) events.push({ type: `${type}-end`, id })
    return events
  }
  if (isSame(before, after)) return []
  if (after.type !== 'tool' || before.type !== 'tool') return unfoldPart(after)
  return unfoldToolGrowth(before, after)
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

type ToolPart = Extract<MessagePart, { type: 'tool' }>

function unfoldTool(part: ToolPart): ChatEvent[] {
  const { id: toolCallId, toolName } = part
  const start: ChatEvent = { type: 'tool-input-start', toolCallId, toolName, dynamic: true }
  return [start, ...unfoldToolGrowth({ type: 'tool', id: toolCallId, toolName, inputText: '' }, part)]
}

function unfoldToolGrowth(before: ToolPart, after: ToolPart): ChatEvent[] {
  const { id: toolCallId, toolName, inputText, input, output, errorText } = after
  const events: ChatEvent[] = []
  const inputTextDelta = inputText.slice(before.inputText.length)
  if (inputTextDelta !== '') events.push({ type: 'tool-input-delta', toolCallId, inputTextDelta })
  if (input !== undefined && before.input === undefined)
    events.push({ type: 'tool-input-available', toolCallId, toolName, input, dynamic: true })
  if (output !== undefined && before.output === undefined)
    events.push({ type: 'tool-output-available', toolCallId, output, dynamic: true })
  if (errorText !== undefined && before.errorText === undefined)
    events.push({ type: 'tool-output-error', toolCallId, errorText, dynamic: true })
  return events
}
