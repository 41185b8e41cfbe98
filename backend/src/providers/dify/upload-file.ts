import { parseJson, toRecord, toText } from '../lenient-json.ts'
import type { UploadResult, UploadStep } from '../provider-adapter.ts'
import { toFailure } from '../provider-failure.ts'
import { toBearerHeaders } from '../provider-request.ts'
import { toMultipart } from '../files/to-multipart.ts'
import { toHttpFailure } from './map-error.ts'

/** `POST /files/upload`. The file belongs to the same `user` as the question that names it. */
export async function uploadFile({ call, file, bytes, send }: UploadStep): Promise<UploadResult> {
  const { name, mediaType } = file
  const form = toMultipart({ user: call.endUserId }, { field: 'file', name, mediaType, bytes })
  const reply = await send({
    method: 'POST',
    url: `${call.target.baseUrl}/files/upload`,
    headers: { 'content-type': form.contentType, ...toBearerHeaders(call.target.apiKey) },
    body: form.body,
  })
  if (reply.status >= 400) return { kind: 'failed', failure: toHttpFailure(reply) }
  const id = toText(toRecord(parseJson(reply.body))['id'])
  if (id === '') return { kind: 'failed', failure: toFailure('upstream_bad_response') }
  const type = file.kind === 'image' ? 'image' : 'document'
  return { kind: 'uploaded', part: { type, transfer_method: 'local_file', upload_file_id: id } }
}
