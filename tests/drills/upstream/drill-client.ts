import { randomUUID } from 'node:crypto'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import { isTerminalEvent, type ChatEvent, type Delivery } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents, type FoldedMessage } from '@llmchat/protocol/fold-message'
import { parseFrameId } from '@llmchat/protocol/frame-id'
import { toPlainText } from '@llmchat/protocol/message-part'
import { createChatClient, readFrames } from '../../support/chat-client.ts'

export interface AskOptions {
  sessionId?: string
  /** Go on from the partial answer of this id instead of asking anew. */
  continues?: string
}

/** One question and all that became of it. */
export interface Asked {
  sessionId: string
  delivery: Delivery
  /** As it was streamed. */
  text: string
  message: FoldedMessage
  events: readonly ChatEvent[]
  stored: ChatMessage
  /** What no answer may show; empty when all is well. */
  faults: string[]
}

export interface V1Reply {
  status: number
  retryAfter: string | null
  body: unknown
}

interface Target {
  url: string
  apiKey: string
  limitMs: number
}

/** Asks as a browser does, reads the stream to its end, then looks at what was stored. */
export async function askQuestion(target: Target, agentId: string, options: AskOptions): Promise<Asked> {
  const client = createChatClient(target)
  const sessionId = options.sessionId ?? randomUUID()
  const limit = AbortSignal.timeout(target.limitMs)
  const response = options.continues
    ? await client.post('/api/chat', toContinuation(sessionId, options.continues, agentId), limit)
    : await client.send('What is right?', { agentId, sessionId, signal: limit })
  const events: ChatEvent[] = []
  const seqs: number[] = []
  for await (const { id, event } of readFrames(response)) {
    events.push(event)
    seqs.push(parseFrameId(id ?? '')?.seq ?? 0)
  }
  const message = foldEvents(emptyMessage, events)
  const page = await client.messages(sessionId)
  const stored = page.messages.find((one) => one.id === message.messageId)
  if (!stored) throw new Error('the answer has no row')
  const text = toPlainText(message.parts)
  const faults = listFaults({ events, seqs, text, stored, isContinued: options.continues !== undefined })
  return { sessionId, delivery: message.delivery, text, message, events, stored, faults }
}

function toContinuation(sessionId: string, messageId: string, agentId: string): object {
  const isContinuation = true
  return { id: sessionId, trigger: 'regenerate-message', messageId, isContinuation, agentId, messages: [] }
}

interface Shown {
  events: readonly ChatEvent[]
  seqs: readonly number[]
  text: string
  stored: ChatMessage
  isContinued: boolean
}

function listFaults({ events, seqs, text, stored, isContinued }: Shown): string[] {
  const faults: string[] = []
  if (!seqs.every((seq, index) => seq === index + 1)) faults.push(`numbers with a gap: ${seqs.join(' ')}`)
  if (events.filter(isTerminalEvent).length !== 1) faults.push('not exactly one terminal event')
  if (toPlainText(stored.parts) !== text) faults.push('stored text is not the shown text')
  const firstText = events.findIndex((event) => event.type === 'text-start')
  const lastAgent = events.findLastIndex((event) => event.type === 'data-agent')
  // A continued answer begins with what others have said.
  if (!isContinued && firstText !== -1 && lastAgent > firstText) faults.push('the agent changed after text was shown')
  return faults
}

/** The same question through the OpenAI-compatible door. */
export async function askV1(target: Target, agentId: string): Promise<V1Reply> {
  const response = await createChatClient(target).post(
    '/v1/chat/completions',
    { model: agentId, stream: true, messages: [{ role: 'user', content: 'What is right?' }] },
    AbortSignal.timeout(target.limitMs),
  )
  const body: unknown = await response.json()
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body }
}
