import Type from 'typebox'
import { TimestampSchema, toNullable } from './common-schema.ts'

/**
 * A file that somebody has put here. `image`: shown to agents that look at images; `text`: its words are put into the
 * question; `file`: given to agents that take files. Type and size are ours, from the content.
 */
export const UploadSchema = Type.Object(
  {
    id: Type.String(),
    /** A safe name: without a path, control characters or leading dots. */
    name: Type.String(),
    mediaType: Type.String(),
    kind: Type.Union([Type.Literal('image'), Type.Literal('text'), Type.Literal('file')]),
    sizeBytes: Type.Integer(),
    /** Of images. */
    widthPx: toNullable(Type.Integer()),
    heightPx: toNullable(Type.Integer()),
    url: Type.String(),
    createdAt: TimestampSchema,
  },
  { $id: 'Upload' },
)
export type Upload = Type.Static<typeof UploadSchema>

/** What the browser checks before it sends a file; the server checks again. */
export const UploadLimitsSchema = Type.Object({
  maxFileBytes: Type.Integer(),
  maxFilesPerMessage: Type.Integer(),
  /** Media types that are accepted, by content; text files of any kind besides. */
  mediaTypes: Type.Array(Type.String()),
})
export type UploadLimits = Type.Static<typeof UploadLimitsSchema>

export const UploadParamsSchema = Type.Object({ uploadId: Type.String({ format: 'uuid' }) })
