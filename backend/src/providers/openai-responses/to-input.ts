import { isRecord, type JsonRecord, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { HistoryTurn } from '../provider-adapter.ts'

type Item = Readonly<Record<string, unknown>>

/** Chat Completions content parts as Responses content parts. */
function toContent(content: unknown, textType: 'input_text' | 'output_text'): unknown {
  if (!Array.isArray(content)) return toText(content)
  return toRecords(content).flatMap((part): Item[] => {
    switch (part['type']) {
      case 'text':
        return [{ type: textType, text: toText(part['text']) }]
      case 'image_url': {
        const image = toRecord(part['image_url'])
        return [{ type: 'input_image', image_url: toText(image['url']), detail: toText(image['detail']) || 'auto' }]
      }
      case 'file':
        return [{ type: 'input_file', ...toRecord(part['file']) }]
      default:
        return []
    }
  })
}

function toFunctionCall(call: JsonRecord): Item {
  const called = toRecord(call['function'])
  return {
    type: 'function_call',
    call_id: toText(call['id']),
    name: toText(called['name']),
    arguments: toText(called['arguments']),
  }
}

function toRawItems(role: HistoryTurn['role'], raw: JsonRecord): Item[] {
  if (role === 'tool') {
    return [{ type: 'function_call_output', call_id: toText(raw['tool_call_id']), output: toText(raw['content']) }]
  }
  const calls = toRecords(raw['tool_calls']).map(toFunctionCall)
  const content = toContent(raw['content'], role === 'assistant' ? 'output_text' : 'input_text')
  return content === '' ? calls : [{ role, content }, ...calls]
}

/** The turns as input items. */
export function toInput(turns: readonly HistoryTurn[]): Item[] {
  return turns.flatMap((turn) =>
    isRecord(turn.raw) ? toRawItems(turn.role, turn.raw) : [{ role: turn.role, content: turn.content }],
  )
}
