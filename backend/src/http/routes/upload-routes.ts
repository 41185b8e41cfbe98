import { Readable } from 'node:stream'
import {
  UploadLimitsSchema,
  UploadParamsSchema,
  UploadSchema,
  type Upload,
  type UploadLimits,
} from '@llmchat/protocol/api/upload-schema'
import Type from 'typebox'
import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'
import { longestBodyMs } from '../plugins/limit-body-time.ts'
import { isSignedIn } from '../policies/is-signed-in.ts'
import { toFileDisposition } from '../to-content-disposition.ts'

export interface UploadRouteDeps {
  uploads: {
    receive(received: {
      userId: string
      name: string
      declaredBytes: number | null
      bytes: AsyncIterable<Uint8Array>
      signal: AbortSignal
    }): Promise<Upload>
    open(userId: string, id: string): Promise<{ upload: Upload; sha256: string; read: () => Promise<Readable> }>
    remove(userId: string, id: string): Promise<void>
  }
  uploadLimits: UploadLimits
}

const HeadersSchema = Type.Object({
  'x-file-name': Type.Optional(
    Type.String({ maxLength: 3000, description: 'What the file is called: UTF-8, percent-encoded' }),
  ),
})

/** Bytes of people, and of whoever gave them to people: nothing in them runs, whatever a browser takes them for. */
const harmless = "default-src 'none'; sandbox"

/** A scope of its own: its bodies are bytes of any type, read as they come. */
export function addUploadRoutes(app: HttpApp, deps: UploadRouteDeps): void {
  const { uploads, uploadLimits } = deps
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  app.post(
    '/api/uploads',
    {
      config: { policy: isSignedIn('chat'), bodyMs: longestBodyMs },
      schema: {
        summary: 'Put a file here, to be sent with a message',
        description:
          'The body is the file. Its type is told from its content. What is not sent with a message within a day is deleted.',
        consumes: ['application/octet-stream'],
        headers: HeadersSchema,
        response: { 201: UploadSchema },
      },
    },
    async (request, reply) => {
      const bytes = toBytes(request.body)
      const abort = new AbortController()
      // Closed before it ended: the sender is gone.
      request.raw.once('close', () => {
        if (!request.raw.complete) abort.abort()
      })
      const upload = await uploads.receive({
        userId: request.user.id,
        name: toName(request.headers['x-file-name']),
        declaredBytes: toDeclaredBytes(request.headers['content-length']),
        bytes,
        signal: abort.signal,
      })
      return reply.status(201).send(upload)
    },
  )

  app.get(
    '/api/uploads/limits',
    {
      config: { policy: isSignedIn('read', 'chat') },
      schema: { summary: 'What may be put here', response: { 200: UploadLimitsSchema } },
    },
    () => uploadLimits,
  )

  app.get(
    '/api/uploads/:uploadId',
    {
      config: { policy: isSignedIn('read', 'chat') },
      schema: {
        summary: 'Read a file of your own',
        params: UploadParamsSchema,
        produces: ['application/octet-stream'],
        response: {
          200: { description: 'The bytes', content: { 'application/octet-stream': { schema: {} } } },
          304: Type.Null({ description: 'You have it already' }),
        },
      },
    },
    async (request, reply) => {
      const { upload, sha256, read } = await uploads.open(request.user.id, request.params.uploadId)
      const etag = `"${sha256}"`
      reply
        .header('content-security-policy', harmless)
        .header('cache-control', 'private, max-age=3600')
        .header('etag', etag)
        .header('content-disposition', toFileDisposition(upload.name, { isInline: upload.kind === 'image' }))
      if (request.headers['if-none-match'] === etag) return reply.status(304).send(null)
      const mediaType = upload.kind === 'text' ? 'text/plain; charset=utf-8' : upload.mediaType
      return reply
        .type(mediaType)
        .header('content-length', upload.sizeBytes)
        .send(await read())
    },
  )

  app.delete(
    '/api/uploads/:uploadId',
    {
      config: { policy: isSignedIn('chat') },
      schema: {
        summary: 'Delete a file that was not sent',
        params: UploadParamsSchema,
        response: { 204: Type.Null({ description: 'Deleted' }) },
      },
    },
    async (request, reply) => {
      await uploads.remove(request.user.id, request.params.uploadId)
      return reply.status(204).send(null)
    },
  )
}

function toBytes(body: unknown): AsyncIterable<Uint8Array> {
  // Given up halfway it stays open, for the answer and for the rest.
  if (body instanceof Readable) return body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  // A request without a body and without a type.
  throw new AppError('upload_empty')
}

function toName(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? '')
  } catch {
    throw new AppError('invalid_request', { message: 'The header x-file-name is not percent-encoded UTF-8.' })
  }
}

function toDeclaredBytes(header: string | undefined): number | null {
  return header === undefined ? null : Number(header)
}
