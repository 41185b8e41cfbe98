import Type from 'typebox'

/** Ids made by a client (AI SDK nanoids, our browser's UUIDs) or by us (UUIDv7): text, unique per user. */
export const ClientIdSchema = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9._:-]+$' })

export const TimestampSchema = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })

export const ErrorBodySchema = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      requestId: Type.String(),
      details: Type.Optional(Type.Unknown()),
    }),
  },
  { $id: 'ErrorBody' },
)
export type ErrorBody = Type.Static<typeof ErrorBodySchema>

export function toNullable<T extends Type.TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}
