import { AppError } from '../base/app-error.ts'
import type { UploadConfig } from '../config/upload-config.ts'
import { openFileStore } from '../uploads/open-file-store.ts'
import { findUnwritable } from './check-machine.ts'
import { toOk, toProblem, type Check } from './check.ts'

const name = 'file store'

/** Where uploads are kept. Writes nothing. */
export async function checkFileStore(store: UploadConfig['store']): Promise<Check> {
  if (store.kind === 's3') return checkBucket(store)
  const unwritable = findUnwritable(store.folder)
  if (unwritable === null) return toOk(name, `${store.folder} is writable`)
  return toProblem(
    name,
    `${unwritable} is not writable`,
    'Give it to the user the server runs as, or set UPLOAD_FOLDER.',
  )
}

async function checkBucket(config: Extract<UploadConfig['store'], { kind: 's3' }>): Promise<Check> {
  const store = await openFileStore(config)
  const place = `bucket ${config.bucket} at ${config.endpoint}`
  try {
    await store.check()
    return toOk(name, `${place} answers`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { cause } = error
    const reason = cause instanceof Error ? ` (${cause.name})` : ''
    return toProblem(name, `${place} cannot be used${reason}`, 'Check the address, the name and the key of the bucket.')
  } finally {
    store.close()
  }
}
