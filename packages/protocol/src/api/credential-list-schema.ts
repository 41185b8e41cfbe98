import Type from 'typebox'
import { ApiKeySchema } from './auth-schema.ts'
import { toNullable } from './common-schema.ts'
import { LoginSessionSchema } from './identity-schema.ts'

const owner = Type.Object({ id: Type.String(), email: Type.String(), name: Type.String() })

/** `q` is looked for in address and name of their person; of keys also in the name of the key. */
export const ListCredentialsQuerySchema = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    q: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ListCredentialsQuery = Type.Static<typeof ListCredentialsQuerySchema>

/** Of everybody: without where it is and what browser it has. */
const OwnedLoginSessionSchema = Type.Object({
  ...Type.Omit(LoginSessionSchema, ['isCurrent', 'userAgent', 'address']).properties,
  owner,
})
export type OwnedLoginSession = Type.Static<typeof OwnedLoginSessionSchema>
/** Those that have not ended, the newest sign-in first. */
export const LoginSessionPageSchema = Type.Object({
  loginSessions: Type.Array(OwnedLoginSessionSchema),
  nextCursor: toNullable(Type.String()),
})
export type LoginSessionPage = Type.Static<typeof LoginSessionPageSchema>

const OwnedApiKeySchema = Type.Object({ ...ApiKeySchema.properties, owner })
export type OwnedApiKey = Type.Static<typeof OwnedApiKeySchema>
/** Those that were not revoked, the newest first; an expired one is among them. */
export const ApiKeyPageSchema = Type.Object({
  apiKeys: Type.Array(OwnedApiKeySchema),
  nextCursor: toNullable(Type.String()),
})
export type ApiKeyPage = Type.Static<typeof ApiKeyPageSchema>
