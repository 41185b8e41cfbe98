import type { UploadLimits } from '@llmchat/protocol/api/upload-schema'
import type { ErrorCode } from '@llmchat/protocol/error-code'

/** A binary file shows a zero byte early; text has none. */
const headBytes = 4096

/**
 * What the server would refuse for certain, so that nobody waits for the upload to be told; null: let it decide. The
 * browser's word for the type comes from the name alone and is believed only where the content agrees.
 */
export async function findFileProblem(file: File, limits: UploadLimits | null): Promise<ErrorCode | null> {
  if (file.size === 0) return 'upload_empty'
  if (limits === null) return null
  if (file.size > limits.maxFileBytes) return 'upload_too_large'
  if (file.type === '' || limits.mediaTypes.includes(file.type)) return null
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer())
  return head.includes(0) ? 'upload_type_refused' : null
}
