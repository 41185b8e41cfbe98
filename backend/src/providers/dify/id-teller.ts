import type { EmitPart } from '../decode-events.ts'
import { type JsonRecord, toText } from '../lenient-json.ts'
import type { UpstreamIds } from '../provider-part.ts'

const fields = [
  ['conversationId', 'conversation_id'],
  ['messageId', 'message_id'],
  ['taskId', 'task_id'],
  ['runId', 'workflow_run_id'],
] as const

/** Every event repeats its ids; they are told when they change. */
export function createIdTeller() {
  let known: UpstreamIds = {}

  return {
    read(event: JsonRecord, emit: EmitPart): void {
      const news = fields.filter(([name, field]) => {
        const value = toText(event[field])
        return value !== '' && known[name] !== value
      })
      if (news.length === 0) return
      known = { ...known, ...Object.fromEntries(news.map(([name, field]) => [name, toText(event[field])])) }
      emit({ type: 'ids', ids: known })
    },
  }
}
