import { isRecord, type JsonRecord, parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { HistoryTurn } from '../provider-adapter.ts'

type Block = Readonly<Record<string, unknown>>

interface Message {
  role: 'user' | 'assistant'
  content: string | Block[]
}

/** `data:image/png;base64,…` as a base64 source, everything else as a URL. */
function toImageBlock(url: string): Block {
  const inline = /^data:([^;,]+);base64,(.+)$/s.exec(url)
  if (!inline) return { type: 'image', source: { type: 'url', url } }
  return { type: 'image', source: { type: 'base64', media_type: inline[1], data: inline[2] } }
}

/** A file that was sent along. One that only OpenAI has cannot be shown here. */
function toDocumentBlocks(file: JsonRecord): Block[] {
  const source = toImageBlock(toText(file['file_data']))['source']
  return file['file_data'] === undefined ? [] : [{ type: 'document', source, title: toText(file['filename']) }]
}

/** Empty text blocks are refused upstream. */
function toTextBlocks(text: string): Block[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }]
}

function toBlocks(content: unknown): Block[] {
  if (typeof content === 'string') return toTextBlocks(content)
  return toRecords(content).flatMap((part) => {
    if (part['type'] === 'image_url') return [toImageBlock(toText(toRecord(part['image_url'])['url']))]
    if (part['type'] === 'file') return toDocumentBlocks(toRecord(part['file']))
    return toTextBlocks(toText(part['text']))
  })
}

function toToolUse(call: JsonRecord): Block {
  const called = toRecord(call['function'])
  const input = parseJson(toText(called['arguments']))
  return { type: 'tool_use', id: toText(call['id']), name: toText(called['name']), input: toRecord(input) }
}

function toRawMessage(turn: HistoryTurn, raw: JsonRecord): Message {
  if (turn.role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: toText(raw['tool_call_id']), content: toBlocks(raw['content']) }
    return { role: 'user', content: [result] }
  }
  const role = turn.role === 'assistant' ? 'assistant' : 'user'
  return { role, content: [...toBlocks(raw['content']), ...toRecords(raw['tool_calls']).map(toToolUse)] }
}

function toMessage(turn: HistoryTurn): Message {
  if (isRecord(turn.raw)) return toRawMessage(turn, turn.raw)
  return { role: turn.role === 'assistant' ? 'assistant' : 'user', content: turn.content }
}

function isEmpty(message: Message): boolean {
  return typeof message.content === 'string' ? message.content.trim() === '' : message.content.length === 0
}

/** The turns as messages. System turns go to the top level; empty ones are refused upstream and left out. */
export function toMessages(turns: readonly HistoryTurn[]): Message[] {
  const messages = turns.filter((turn) => turn.role !== 'system').map(toMessage)
  return messages.filter((message) => !isEmpty(message))
}

/** The agent's prompt and the system turns; '' without any. */
export function toSystem(systemPrompt: string | null, turns: readonly HistoryTurn[]): string {
  const prompts = turns.filter((turn) => turn.role === 'system').map((turn) => turn.content)
  return [systemPrompt ?? '', ...prompts].filter((prompt) => prompt.trim() !== '').join('\n\n')
}
