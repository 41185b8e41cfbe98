import type { UploadConfig } from '../config/upload-config.ts'
import type { FileStore } from './file-store.ts'
import { createFolderFileStore } from './folder-file-store.ts'

/** The client of a bucket is large: who keeps files in a folder does not load it. */
export async function openFileStore(config: UploadConfig['store']): Promise<FileStore> {
  if (config.kind === 'folder') return createFolderFileStore(config.folder)
  const { createS3FileStore } = await import('./s3-file-store.ts')
  return createS3FileStore(config)
}
