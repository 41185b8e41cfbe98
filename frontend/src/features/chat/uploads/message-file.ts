import type { Upload } from '@llmchat/protocol/api/upload-schema'
import { findUploadId, toUploadUrl } from '@llmchat/protocol/upload-url'
import type { MessagePart } from '@llmchat/protocol/message-part'

export type FileKind = Upload['kind']

/** A file that is on the server, as drafts, the outbox and messages name it. */
export interface MessageFile {
  /** The upload's. */
  id: string
  name: string
  mediaType: string
  kind: FileKind
  /** Null where it is not known: a stored message does not say. */
  sizeBytes: number | null
}

export const noFiles: readonly MessageFile[] = []

/** How the file stands in a message. */
export function toFilePart({ id, name, mediaType }: MessageFile): Extract<MessagePart, { type: 'file' }> {
  return { type: 'file', id, mediaType, name, url: toUploadUrl(id) }
}

/** The files of a stored message that can be sent again. */
export function toMessageFiles(parts: readonly MessagePart[]): MessageFile[] {
  return parts.flatMap((part) => {
    if (part.type !== 'file') return []
    const { name, mediaType } = part
    const id = findUploadId(part.url)
    return id === null ? [] : [{ id, name, mediaType, kind: toFileKind(mediaType), sizeBytes: null }]
  })
}

/** What storage holds, read with care: it outlives versions of this page. Null when it is no list of files. */
export function parseMessageFiles(value: unknown): MessageFile[] | null {
  return Array.isArray(value) && value.every(isMessageFile) ? value : null
}

function isMessageFile(value: unknown): value is MessageFile {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, mediaType, kind, sizeBytes } = value as Record<string, unknown>
  const areTexts = [id, name, mediaType].every((field) => typeof field === 'string')
  return areTexts && isFileKind(kind) && (sizeBytes === null || typeof sizeBytes === 'number')
}

function isFileKind(value: unknown): value is FileKind {
  return value === 'image' || value === 'text' || value === 'file'
}

/** By the type alone. The server, which knows the content, says the same of what it has taken. */
export function toFileKind(mediaType: string): FileKind {
  if (mediaType.startsWith('image/') && !mediaType.startsWith('image/svg')) return 'image'
  return mediaType.startsWith('text/') ? 'text' : 'file'
}
