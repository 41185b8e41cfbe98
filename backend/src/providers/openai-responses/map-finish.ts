import type { FinishReason } from '@llmchat/protocol/chat-event'
import { type JsonRecord, toRecord, toText } from '../lenient-json.ts'

/** From the `response` object of a completed or incomplete response. */
export function mapFinish(response: JsonRecord, hasToolCalls: boolean): FinishReason {
  switch (toText(toRecord(response['incomplete_details'])['reason'])) {
    case 'max_output_tokens':
      return 'length'
    case 'content_filter':
      return 'content-filter'
    case '':
      return hasToolCalls ? 'tool-calls' : 'stop'
    default:
      return 'other'
  }
}
