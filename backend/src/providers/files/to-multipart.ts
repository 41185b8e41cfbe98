import { randomBytes } from 'node:crypto'

export interface MultipartFile {
  field: string
  name: string
  mediaType: string
  bytes: Uint8Array
}

/** A form after RFC 7578: the fields in their order, the file last, as presigned forms want it. */
export function toMultipart(
  fields: Readonly<Record<string, string>>,
  file: MultipartFile,
): { contentType: string; body: Uint8Array } {
  const boundary = `----llmchat${randomBytes(16).toString('hex')}`
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"\r\n\r\n${value}\r\n`,
  )
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${escape(file.field)}"; filename="${escape(file.name)}"\r\n` +
    `Content-Type: ${file.mediaType}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(parts.join('') + head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, body }
}

/** As browsers do it (WHATWG HTML, multipart/form-data). */
function escape(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}
