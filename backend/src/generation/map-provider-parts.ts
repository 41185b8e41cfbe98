import type { ChatEvent } from '@llmchat/protocol/chat-event'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import type { ProviderPart } from '../providers/provider-part.ts'

/** What is open right now, so that every start gets its end (I1). */
export interface OpenParts {
  next: number
  text: string | null
  reasoning: string | null
  /** Steps said to be running, by id. */
  steps: Map<string, Extract<ChatEvent, { type: 'data-step' }>['data']>
  tools: Map<string, string>
}

/** What `message` left open; `next` numbers new parts and must be above all earlier numbers. */
export function createOpenParts(message: FoldedMessage, next: number): OpenParts {
  const open: OpenParts = { next, text: null, reasoning: null, steps: new Map(), tools: new Map() }
  for (const part of message.parts) {
    if (part.type === 'text' && part.isOpen) open.text = part.id
    if (part.type === 'reasoning' && part.isOpen) open.reasoning = part.id
    if (part.type === 'tool') open.tools.set(part.id, part.toolName)
    if (part.type !== 'step' || part.status !== 'running') continue
    const { type: _type, id, ...step } = part
    open.steps.set(id, step)
  }
  return open
}

/** Maps a provider's part to chat events, opening and closing text and reasoning parts as needed. Changes `open`. */
export function mapProviderPart(open: OpenParts, part: ProviderPart): ChatEvent[] {
  switch (part.type) {
    case 'text':
      return part.delta === '' ? [] : mapText(open, part.delta)
    case 'reasoning':
      return part.delta === '' ? [] : mapReasoning(open, part.delta)
    case 'step':
      return mapStep(open, part)
    case 'source':
      return [mapSource(part)]
    case 'input-request':
      return [...closeRunning(open), { type: 'data-input-request', id: part.requestId, data: part.request }]
    case 'superseded':
      return [...closeRunning(open), { type: 'data-superseded', data: { reason: part.reason } }]
    case 'tool-input-start':
    case 'tool-input-delta':
    case 'tool-input':
    case 'tool-output':
      return mapTool(open, part)
    case 'usage':
    case 'ids':
    case 'finish':
    case 'failure':
      return []
  }
}

/** Ends what is open: text, reasoning, running steps. `status` is what became of the steps. */
export function closeOpenParts(open: OpenParts, status: 'done' | 'stopped' | 'failed'): ChatEvent[] {
  const events = closeRunning(open)
  for (const [id, step] of open.steps) events.push({ type: 'data-step', id, data: { ...step, status } })
  open.steps.clear()
  return events
}

function closeRunning(open: OpenParts): ChatEvent[] {
  return [...closeReasoning(open), ...closeText(open)]
}

function closeText(open: OpenParts): ChatEvent[] {
  if (open.text === null) return []
  const id = open.text
  open.text = null
  return [{ type: 'text-end', id }]
}

function closeReasoning(open: OpenParts): ChatEvent[] {
  if (open.reasoning === null) return []
  const id = open.reasoning
  open.reasoning = null
  return [{ type: 'reasoning-end', id }]
}

function mapText(open: OpenParts, delta: string): ChatEvent[] {
  if (open.text !== null) return [{ type: 'text-delta', id: open.text, delta }]
  const id = `t${open.next++}`
  const events = closeReasoning(open)
  open.text = id
  return [...events, { type: 'text-start', id }, { type: 'text-delta', id, delta }]
}

function mapReasoning(open: OpenParts, delta: string): ChatEvent[] {
  if (open.reasoning !== null) return [{ type: 'reasoning-delta', id: open.reasoning, delta }]
  const id = `r${open.next++}`
  const events = closeText(open)
  open.reasoning = id
  return [...events, { type: 'reasoning-start', id }, { type: 'reasoning-delta', id, delta }]
}

function mapStep(open: OpenParts, part: Extract<ProviderPart, { type: 'step' }>): ChatEvent[] {
  const id = `s-${part.stepId}`
  if (part.step.status === 'running') open.steps.set(id, part.step)
  else open.steps.delete(id)
  return [{ type: 'data-step', id, data: part.step }]
}

function mapSource(part: Extract<ProviderPart, { type: 'source' }>): ChatEvent {
  return part.url === undefined
    ? { type: 'source-document', sourceId: part.sourceId, mediaType: 'text/plain', title: part.title }
    : { type: 'source-url', sourceId: part.sourceId, url: part.url, title: part.title }
}

type ToolPart = Extract<ProviderPart, { toolCallId: string }>

function mapTool(open: OpenParts, part: ToolPart): ChatEvent[] {
  const toolCallId = part.toolCallId
  switch (part.type) {
    case 'tool-input-start':
      return startTool(open, toolCallId, part.toolName)
    case 'tool-input-delta':
      return part.delta === '' ? [] : [{ type: 'tool-input-delta', toolCallId, inputTextDelta: part.delta }]
    case 'tool-input': {
      const { toolName, input } = part
      return [
        ...startTool(open, toolCallId, toolName),
        { type: 'tool-input-available', toolCallId, toolName, input, dynamic: true },
      ]
    }
    case 'tool-output':
      return [
        part.isError
          ? { type: 'tool-output-error', toolCallId, errorText: toErrorText(part.output), dynamic: true }
          : { type: 'tool-output-available', toolCallId, output: part.output, dynamic: true },
      ]
  }
}

function toErrorText(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output)
}

function startTool(open: OpenParts, toolCallId: string, toolName: string): ChatEvent[] {
  if (open.tools.has(toolCallId)) return []
  open.tools.set(toolCallId, toolName)
  return [...closeRunning(open), { type: 'tool-input-start', toolCallId, toolName, dynamic: true }]
}
