import { parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { UpstreamIds } from '../provider-part.ts'

/** The row exists from the start of the run; its answer is filled in when the run has ended. */
export function parseFetchedAnswer(body: string, ids: UpstreamIds): { text: string } | null {
  const rows = toRecords(toRecord(parseJson(body))['data'])
  const row = rows.find((one) => ids.messageId !== undefined && one['id'] === ids.messageId)
  if (!row || row['status'] === 'error') return null
  const text = toText(row['answer'])
  return text === '' ? null : { text }
}
