import { randomBytes } from 'node:crypto'

/** Makes ids; a dependency so that tests can fix them. */
export type CreateId = () => string

/** UUIDv7 (RFC 9562 §5.7): sorts by time, so that B-tree inserts stay at the right edge. PostgreSQL 15 has none. */
export function createUuidV7(nowMs: number = Date.now(), random: Buffer = randomBytes(10)): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(nowMs, 0, 6)
  random.copy(bytes, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
