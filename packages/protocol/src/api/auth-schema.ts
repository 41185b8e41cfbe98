import Type from 'typebox'
import { TimestampSchema, toNullable } from './common-schema.ts'
import { ApiKeyScopeSchema, UserRoleSchema } from './user-schema.ts'

const email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' })
const password = Type.String({ minLength: 1, maxLength: 1024 })

export const LoginRequestSchema = Type.Object(
  { email, password, isPersistent: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
export type LoginRequest = Type.Static<typeof LoginRequestSchema>

export const SetUpRequestSchema = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 200 }),
    email,
    password,
    name: Type.Optional(Type.String({ maxLength: 120 })),
  },
  { additionalProperties: false },
)
export type SetUpRequest = Type.Static<typeof SetUpRequestSchema>

export const MeSchema = Type.Object(
  {
    user: Type.Object({
      id: Type.String(),
      email: Type.String(),
      name: Type.String(),
      role: UserRoleSchema,
    }),
    /** Send it back as header `X-XSRF-TOKEN` on unsafe methods; bound to this login session. */
    csrfToken: Type.String(),
  },
  { $id: 'Me' },
)
export type Me = Type.Static<typeof MeSchema>

/** What a visitor who is not signed in may know. */
export const AuthStateSchema = Type.Object({
  needsSetUp: Type.Boolean(),
  version: Type.String(),
  /** For `X-XSRF-TOKEN` of what a visitor sends; bound to the cookie that comes with it. */
  csrfToken: Type.String(),
  /** The company's own sign-in; null: there is none. `label`: what its button says; null: the page's own words. */
  oidc: toNullable(Type.Object({ label: toNullable(Type.String()) })),
  /** False: passwords of this place are for one administrator alone. */
  isPasswordForAll: Type.Boolean(),
})
export type AuthState = Type.Static<typeof AuthStateSchema>

export const CreateApiKeyRequestSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    /** What it may do; default: `chat` and `read`. */
    scopes: Type.Optional(Type.Array(ApiKeyScopeSchema, { minItems: 1, maxItems: 4, uniqueItems: true })),
    /** It is refused from then on; null or nothing: never. */
    expiresAt: Type.Optional(toNullable(TimestampSchema)),
    /** Requests per minute of this key alone; null or nothing: they count among its person's. */
    rateLimitPerMinute: Type.Optional(toNullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }))),
  },
  { additionalProperties: false },
)
export type CreateApiKeyRequest = Type.Static<typeof CreateApiKeyRequestSchema>
export const ApiKeySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** First characters, to tell keys apart. */
  prefix: Type.String(),
  scopes: Type.Array(ApiKeyScopeSchema),
  rateLimitPerMinute: toNullable(Type.Integer()),
  createdAt: Type.String(),
  lastUsedAt: toNullable(Type.String()),
  expiresAt: toNullable(Type.String()),
})
export type ApiKey = Type.Static<typeof ApiKeySchema>
export const ApiKeyListSchema = Type.Object({ apiKeys: Type.Array(ApiKeySchema) })
/** `secret` is shown this once and stored only as a hash. */
export const CreatedApiKeySchema = Type.Object({ apiKey: ApiKeySchema, secret: Type.String() })
export type CreatedApiKey = Type.Static<typeof CreatedApiKeySchema>
