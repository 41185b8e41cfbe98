import type { UploadLimits } from '@llmchat/protocol/api/upload-schema'
import { requestJson } from '../../../shared/api/request-json.ts'
import { sendUpload } from './send-upload.ts'
import { openUploader } from './uploader.ts'
import type { Uploader, UploaderDeps } from './uploader.ts'

/** The uploader on this browser's network and memory. A chunk of its own, loaded with the first file. */
export function openBrowserUploader(deps: Pick<UploaderDeps, 'attachments' | 'createId' | 'onWake'>): Uploader {
  return openUploader({
    ...deps,
    send: sendUpload,
    readLimits: () => requestJson<UploadLimits>('/api/uploads/limits'),
    remove: (uploadId) => requestJson(`/api/uploads/${encodeURIComponent(uploadId)}`, { method: 'DELETE' }),
    createPreview: (file) => URL.createObjectURL(file),
    revokePreview: (url) => URL.revokeObjectURL(url),
  })
}
