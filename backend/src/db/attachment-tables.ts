import type { Generated } from 'kysely'
import type { Upload } from '@llmchat/protocol/api/upload-schema'
import type { DefaultTimestamp, NullableNumber, NullableTimestamp } from './column-types.ts'

export interface AttachmentTable {
  id: string
  user_id: string
  /** The name of its bytes in the file store. */
  store_key: string
  /** False while its bytes are on their way; what is below is then not known yet, but `size_bytes` is set aside. */
  is_ready: Generated<boolean>
  name: string
  media_type: Generated<string>
  kind: Generated<Upload['kind']>
  size_bytes: number
  /** Hex. */
  sha256: Generated<string>
  width_px: NullableNumber
  height_px: NullableNumber
  /** A message has it, or had it. */
  first_used_at: NullableTimestamp
  created_at: DefaultTimestamp
}

export interface MessageAttachmentTable {
  user_id: string
  message_id: string
  session_id: string
  attachment_id: string
  position: number
}

/** Bytes whose row is gone. */
export interface UploadRemovalTable {
  store_key: string
  created_at: DefaultTimestamp
}
