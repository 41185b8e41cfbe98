import type { Exchange } from './exchange.ts'

export interface UploadedForm {
  fields: ReadonlyMap<string, string>
  file: { name: string; mediaType: string; bytes: Buffer } | null
}

/** A multipart form; the first file in it, whatever its field is called. Null: the body is none. */
export async function readForm(exchange: Exchange): Promise<UploadedForm | null> {
  const type = exchange.request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return null
  const form = await new Response(new Uint8Array(exchange.bytes), { headers: { 'content-type': type } }).formData()
  const fields = new Map<string, string>()
  let file: UploadedForm['file'] = null
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') fields.set(name, value)
    else file ??= { name: value.name, mediaType: value.type, bytes: Buffer.from(await value.arrayBuffer()) }
  }
  return { fields, file }
}
