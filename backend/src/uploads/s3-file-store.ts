import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  NoSuchKey,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { AppError } from '../base/app-error.ts'
import type { S3Config } from '../config/upload-config.ts'
import { assertKey, toStoreError, type FileStore } from './file-store.ts'
import { meter } from './meter.ts'

const connectMs = 5_000
const requestMs = 60_000
const attempts = 3

/** Files in a bucket that speaks S3. In parts, so that a file is never held as a whole; a part that failed goes again. */
export function createS3FileStore(config: S3Config): FileStore {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = config
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: requestMs },
    // Checksums in trailers are newer than many servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })

  function toPlace(key: string): { Bucket: string; Key: string } {
    assertKey(key)
    return { Bucket: bucket, Key: key }
  }

  async function get(key: string): Promise<NonNullable<GetObjectCommandOutput['Body']>> {
    try {
      const { Body } = await client.send(new GetObjectCommand(toPlace(key)))
      if (Body !== undefined) return Body
    } catch (error) {
      throw error instanceof NoSuchKey ? new AppError('upload_not_found', { cause: error }) : toStoreError(error)
    }
    throw new AppError('file_store_unavailable')
  }

  /** Left by a process that ended in the middle: parts are paid for, and seen by nobody. */
  async function removeParts(key: string): Promise<void> {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }))
    for (const { UploadId } of Uploads)
      await client.send(new AbortMultipartUploadCommand({ ...toPlace(key), UploadId }))
  }

  return {
    async put(key, source, options) {
      const place = toPlace(key)
      const metered = meter(source, options)
      const upload = new Upload({ client, params: { ...place, Body: Readable.from(metered.bytes) } })
      const abort = (): void => void upload.abort()
      options.signal.addEventListener('abort', abort, { once: true })
      try {
        await upload.done()
        return metered.result()
      } catch (error) {
        // Parts that were sent would be paid for, and never seen.
        await upload.abort().catch(() => undefined)
        throw metered.failure() === undefined ? toStoreError(error) : metered.failure()
      } finally {
        options.signal.removeEventListener('abort', abort)
      }
    },
    async read(key) {
      const body = await get(key)
      if (body instanceof Readable) return body
      throw new AppError('file_store_unavailable')
    },
    async readAll(key) {
      const body = await get(key)
      return body.transformToByteArray().catch((error: unknown) => {
        throw toStoreError(error)
      })
    },
    async remove(key) {
      try {
        await client.send(new DeleteObjectCommand(toPlace(key)))
        await removeParts(key)
      } catch (error) {
        throw toStoreError(error)
      }
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
        throw toStoreError(error)
      })
    },
    close: () => client.destroy(),
  }
}
