import { type JsonRecord, parseJson, toRecord, toRecords, toText } from '../lenient-json.ts'
import type { UpstreamIds } from '../provider-part.ts'

function toAnswerText(record: JsonRecord): string {
  return toRecords(record['value'])
    .map((item) => toText(toRecord(item['text'])['content']))
    .join('')
}

/** FastGPT stores an answer when it is complete: a record that is there is finished. */
export function parseFetchedAnswer(body: string, ids: UpstreamIds): { text: string } | null {
  const reply = toRecord(parseJson(body))
  const record = toRecords(toRecord(reply['data'])['list']).find(
    (one) => one['obj'] === 'AI' && ids.messageId !== undefined && one['dataId'] === ids.messageId,
  )
  const text = record ? toAnswerText(record) : ''
  return text === '' ? null : { text }
}
