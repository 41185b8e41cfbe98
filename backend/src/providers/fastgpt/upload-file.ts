import type { OutboundReply, OutboundRequest } from '../../outbound/outbound-client.ts'
import { parseJson, toRecord, toText, type JsonRecord } from '../lenient-json.ts'
import type { UploadResult, UploadStep } from '../provider-adapter.ts'
import { toFailure } from '../provider-failure.ts'
import type { ProviderFailure } from '../provider-part.ts'
import { toBearerHeaders, toJsonRequest } from '../provider-request.ts'
import { toMultipart } from '../files/to-multipart.ts'
import { toHttpFailure } from './map-error.ts'

type Told = { data: unknown } | { failure: ProviderFailure }

/**
 * Three calls: where the bytes may be put, the bytes, and where they can be read. The names are those of FastGPT's own
 * source (projects/app/src/pages/api/core/chat/file): older versions give `url` and `fields` of a form that is posted, newer
 * ones `url`, `key` and `headers` of a PUT.
 */
export async function uploadFile(step: UploadStep): Promise<UploadResult> {
  const permit = await tell(step, 'presignChatFilePostUrl', { filename: step.file.name })
  if ('failure' in permit) return { kind: 'failed', ...permit }
  const { url, key, fields, headers } = toRecord(permit.data)
  const place = toText(key) || toText(toRecord(fields)['key'])
  if (toText(url) === '' || place === '') return toFailed('upstream_bad_response')
  const stored = await step.send(
    fields === undefined ? toPut(step, toText(url), toRecord(headers)) : toForm(step, toText(url), toRecord(fields)),
  )
  if (stored.status >= 400) return toFailed(stored.status >= 500 ? 'upstream_failed' : 'upstream_rejected')
  const readable = await tell(step, 'presignChatFileGetUrl', { key: place })
  if ('failure' in readable) return { kind: 'failed', ...readable }
  const address = toText(readable.data)
  return address === '' ? toFailed('upstream_bad_response') : { kind: 'uploaded', part: toPart(step, address) }
}

async function tell({ call, send }: UploadStep, path: string, fields: JsonRecord): Promise<Told> {
  const { target, upstream, answerId } = call
  const place = { appId: target.appId ?? '', chatId: upstream.conversationId ?? answerId }
  const url = `${target.baseUrl}/core/chat/file/${path}`
  const reply = await send(toJsonRequest(url, toBearerHeaders(target.apiKey), { ...fields, ...place }))
  const answer = toRecord(parseJson(reply.body))
  return isRefusal(reply, answer) ? { failure: toHttpFailure(reply) } : { data: answer['data'] }
}

/** FastGPT says errors in answers whose HTTP status is 200, too. */
function isRefusal(reply: OutboundReply, answer: JsonRecord): boolean {
  const { code } = answer
  return reply.status >= 400 || (typeof code === 'number' && code !== 200)
}

function toFailed(code: 'upstream_bad_response' | 'upstream_failed' | 'upstream_rejected'): UploadResult {
  return { kind: 'failed', failure: toFailure(code) }
}

function toTexts(record: JsonRecord): [string, string][] {
  return Object.entries(record).map(([name, value]) => [name.toLowerCase(), toText(value)])
}

/** No key of ours goes to the store: the address, or the form, carries its own permission. */
function toPut({ file, bytes }: UploadStep, url: string, headers: JsonRecord): OutboundRequest {
  // What else stands in a header (the host, the length) is not for the answer of an upstream to say.
  const own = toTexts(headers).filter(([name]) => /^(x-|content-(type|disposition|md5)$)/.test(name))
  return { method: 'PUT', url, headers: { 'content-type': file.mediaType, ...Object.fromEntries(own) }, body: bytes }
}

function toForm({ file, bytes }: UploadStep, url: string, fields: JsonRecord): OutboundRequest {
  const { name, mediaType } = file
  const texts = Object.entries(fields).map(([field, value]) => [field, toText(value)] as const)
  const { contentType, body } = toMultipart(Object.fromEntries(texts), { field: 'file', name, mediaType, bytes })
  return { method: 'POST', url, headers: { 'content-type': contentType }, body }
}

function toPart({ file }: UploadStep, url: string): JsonRecord {
  return file.kind === 'image' ? { type: 'image_url', image_url: { url } } : { type: 'file_url', name: file.name, url }
}
