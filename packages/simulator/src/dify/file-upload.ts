import { randomUUID } from 'node:crypto'
import { type Exchange, findBearer } from '../http/exchange.ts'
import { findText, listObjects } from '../http/json-fields.ts'
import { receiveUpload } from '../run/receive-upload.ts'
import type { SimulatorContext } from '../run/simulator-context.ts'
import { toDifyRefusal } from './dify-error.ts'

/** Whose file it is; Dify finds it for the same user only. */
export type FileOwners = Map<string, string>

/** `POST /files/upload` */
export function handleFileUpload(
  context: SimulatorContext,
  exchange: Exchange,
  state: { owners: FileOwners; failedKeys: Set<string> },
): void {
  receiveUpload(context, exchange, {
    apiKey: findBearer(exchange),
    failedKeys: state.failedKeys,
    replies: {
      tooLarge: toDifyRefusal(413, 'file_too_large', 'File size exceeded.'),
      failed: toDifyRefusal(500, 'internal_server_error', 'simulated failure'),
      missing: toDifyRefusal(400, 'no_file_uploaded', 'Please upload your file.'),
      accept(file, fields) {
        const id = randomUUID()
        const user = fields.get('user') ?? ''
        context.files.put(id, file)
        state.owners.set(id, user)
        const { name, mediaType, bytes } = file
        const extension = name.includes('.') ? (name.split('.').at(-1) ?? '') : ''
        return {
          status: 201,
          body: { id, name, size: bytes.length, extension, mime_type: mediaType, created_by: user, created_at: 0 },
        }
      },
    },
  })
}

/** Null: every file of the question is there, and is this user's. */
export function findFileProblem(exchange: Exchange, owners: FileOwners): string | null {
  const user = findText(exchange.body, 'user') ?? ''
  for (const file of listObjects(exchange.body, 'files')) {
    if (file['transfer_method'] !== 'local_file') continue
    if (owners.get(findText(file, 'upload_file_id') ?? '') !== user) return 'Invalid upload file'
  }
  return null
}
