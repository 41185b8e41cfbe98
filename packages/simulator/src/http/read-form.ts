import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { Exchange } from './exchange.ts'

export interface UploadedForm {
  fields: ReadonlyMap<string, string>
  file: { name: string; mediaType: string; bytes: Buffer } | null
}

/** A multipart form; the last file in it, whatever its field is called. Rejects when the body is none. */
export function readForm(exchange: Exchange): Promise<UploadedForm> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>()
    let file: UploadedForm['file'] = null
    const form = new Busboy({ headers: exchange.request.headers as BusboyHeaders })
    form.on('field', (name, value) => fields.set(name, value))
    form.on('file', (_field, stream, name, _encoding, mediaType) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        file = { name, mediaType, bytes: Buffer.concat(chunks) }
      })
    })
    form.on('error', reject)
    form.on('finish', () => resolve({ fields, file }))
    form.end(exchange.bytes)
  })
}
