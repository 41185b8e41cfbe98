import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import type { Upload } from '@llmchat/protocol/api/upload-schema'

/** What a file is, by its bytes: neither its name nor what the sender says of it is believed. */
export interface DetectedContent {
  kind: Upload['kind']
  mediaType: string
  widthPx: number | null
  heightPx: number | null
}

/** Read from the beginning of a file to tell its type; office documents name theirs within it. */
export const sampleBytes = 64 * 1024

const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
const fileTypes = [
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
]

/** Text of any kind is accepted besides. */
export const acceptedMediaTypes: readonly string[] = [...imageTypes, ...fileTypes]

/**
 * By the first `sampleBytes` of the file, and whether all of it is text. Null: not accepted. Markup (HTML, SVG) is text to
 * us, is shown as text and runs nowhere.
 */
export async function detectContent(sample: Uint8Array, isText: boolean): Promise<DetectedContent | null> {
  const mediaType = (await fileTypeFromBuffer(sample).catch(() => undefined))?.mime
  if (mediaType !== undefined && imageTypes.includes(mediaType)) return toImage(mediaType, sample)
  if (mediaType !== undefined && fileTypes.includes(mediaType))
    return { kind: 'file', mediaType, widthPx: null, heightPx: null }
  return isText ? { kind: 'text', mediaType: 'text/plain', widthPx: null, heightPx: null } : null
}

/** A picture whose size cannot be read is no picture that an agent could look at. */
function toImage(mediaType: string, sample: Uint8Array): DetectedContent | null {
  try {
    const { width, height } = imageSize(sample)
    return { kind: 'image', mediaType, widthPx: width, heightPx: height }
  } catch {
    return null
  }
}
