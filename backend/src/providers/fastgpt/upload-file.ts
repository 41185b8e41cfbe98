import { isRecord, parseJson, toRecord, toText, type JsonRecord } from '../lenient-json.ts'
import type { UploadResult, UploadStep } from '../provider-adapter.ts'
import { toFailure } from '../provider-failure.ts'
import { toBearerHeaders, toJsonRequest } from '../provider-request.ts'
import { toMultipart } from '../files/to-multipart.ts'
import { toHttpFailure } from './map-error.ts'

interface PresignedForm {
  url: string
  fields: Record<string, string>
  /** Where the file can be read afterwards. */
  previewUrl: string
}

/**
 * `POST /core/chat/file/presignChatFilePostUrl`, then the form to where its answer points. The names of the answer's fields
 * are those of an S3 presigned post; FastGPT's documentation does not list them, so that they are looked for on two levels.
 */
export async function uploadFile(step: UploadStep): Promise<UploadResult> {
  const { call, file, send } = step
  const { target } = call
  const body = { filename: file.name, appId: target.appId ?? '', chatId: call.upstream.conversationId ?? call.answerId }
  const url = `${target.baseUrl}/core/chat/file/presignChatFilePostUrl`
  const reply = await send(toJsonRequest(url, toBearerHeaders(target.apiKey), body))
  const answer = parseJson(reply.body)
  if (reply.status >= 400 || isRefusal(answer)) return { kind: 'failed', failure: toHttpFailure(reply) }
  const form = findForm(toRecord(answer))
  if (form === null) return { kind: 'failed', failure: toFailure('upstream_bad_response') }
  const stored = await post(step, form)
  if (stored.status >= 400)
    return { kind: 'failed', failure: toFailure(stored.status >= 500 ? 'upstream_failed' : 'upstream_rejected') }
  return { kind: 'uploaded', part: toPart(step, form.previewUrl) }
}

/** FastGPT says errors in answers whose HTTP status is 200. */
function isRefusal(answer: unknown): boolean {
  const code = toRecord(answer)['code']
  return typeof code === 'number' && code !== 200
}

function findForm(answer: JsonRecord): PresignedForm | null {
  const data = isRecord(answer['data']) ? answer['data'] : answer
  const url = toText(data['url'])
  const fields = Object.entries(toRecord(data['fields'])).map(([name, value]) => [name, toText(value)] as const)
  const previewUrl = toText(data['previewUrl']) || toText(data['fileUrl']) || toObjectUrl(url, toRecord(data['fields']))
  return url === '' || previewUrl === '' ? null : { url, fields: Object.fromEntries(fields), previewUrl }
}

/** Where S3 puts what a presigned form names. */
function toObjectUrl(url: string, fields: JsonRecord): string {
  const key = toText(fields['key'])
  return url === '' || key === '' ? '' : `${url.replace(/\/$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`
}

/** No key of ours goes there: the form carries its own permission. */
function post({ file, bytes, send }: UploadStep, form: PresignedForm): ReturnType<UploadStep['send']> {
  const { name, mediaType } = file
  const { contentType, body } = toMultipart(form.fields, { field: 'file', name, mediaType, bytes })
  return send({ method: 'POST', url: form.url, headers: { 'content-type': contentType }, body })
}

function toPart({ file }: UploadStep, url: string): JsonRecord {
  return file.kind === 'image' ? { type: 'image_url', image_url: { url } } : { type: 'file_url', name: file.name, url }
}
