import { deflateSync, crc32 } from 'node:zlib'

/** A real PNG of one colour, `side` pixels wide and high. */
export function createPng(side: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(side * 3, 120)])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return Buffer.concat([signature, toChunk('IHDR', header), toChunk('IDAT', pixels), toChunk('IEND', Buffer.alloc(0))])
}

function toChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** As much of a PDF as its readers need to know it by, made `sizeBytes` long by a comment. */
export function createPdf(text: string, sizeBytes = 0): Buffer {
  const body = `%PDF-1.4\n1 0 obj\n<< /Title (${text}) >>\nendobj\n%${'x'.repeat(sizeBytes)}\ntrailer << /Root 1 0 R >>\n%%EOF\n`
  return Buffer.from(body, 'latin1')
}
