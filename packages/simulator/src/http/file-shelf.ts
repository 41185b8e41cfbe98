import { createHash } from 'node:crypto'
import type { ProviderName } from '../counters.ts'
import { isJsonObject, type JsonObject } from './json-fields.ts'

/** A file that a question showed to the simulated agent. */
export interface ReceivedFile {
  provider: ProviderName
  /** '' where the protocol has no place for it. */
  name: string
  mediaType: string
  sizeBytes: number
  sha256: string
}

export interface ShelvedFile {
  name: string
  mediaType: string
  bytes: Buffer
}

export interface FileShelf {
  /** `reference`: by what questions name it. */
  put(reference: string, file: ShelvedFile): void
  has(reference: string): boolean
  /** Notes the files that a question holds or names. */
  noteQuestion(provider: ProviderName, body: JsonObject): void
  /** Of questions, in the order in which they came. */
  list(): ReceivedFile[]
  reset(): void
}

const MAX_SHELVED = 200

export function createFileShelf(): FileShelf {
  const shelved = new Map<string, ShelvedFile>()
  let received: ReceivedFile[] = []

  function note(provider: ProviderName, { name, mediaType, bytes }: ShelvedFile): void {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    received.push({ provider, name, mediaType, sizeBytes: bytes.length, sha256 })
  }

  function noteText(provider: ProviderName, text: string, around: JsonObject): void {
    const file = shelved.get(text) ?? fromInline(text, around)
    if (file) note(provider, file)
  }

  function search(provider: ProviderName, value: unknown, around: JsonObject): void {
    if (typeof value === 'string') noteText(provider, value, around)
    else if (Array.isArray(value)) for (const item of value) search(provider, item, around)
    else if (isJsonObject(value)) for (const item of Object.values(value)) search(provider, item, value)
  }

  return {
    put(reference, file) {
      shelved.set(reference, file)
      const [oldest] = shelved.keys()
      if (shelved.size > MAX_SHELVED && oldest !== undefined) shelved.delete(oldest)
    },
    has: (reference) => shelved.has(reference),
    noteQuestion: (provider, body) => search(provider, body, body),
    list: () => [...received],
    reset() {
      shelved.clear()
      received = []
    },
  }
}

/** A data URL, or the bytes beside a `media_type`. */
function fromInline(text: string, around: JsonObject): ShelvedFile | null {
  const name = typeof around['filename'] === 'string' ? around['filename'] : ''
  const url = /^data:([^;,]+);base64,(.+)$/s.exec(text)
  if (url) return { name, mediaType: url[1] ?? '', bytes: Buffer.from(url[2] ?? '', 'base64') }
  if (around['type'] !== 'base64' || text !== around['data']) return null
  return { name, mediaType: String(around['media_type']), bytes: Buffer.from(text, 'base64') }
}
