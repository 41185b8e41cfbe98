import Type from 'typebox'

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
      role: Type.Union([Type.Literal('admin'), Type.Literal('member')]),
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
})
export type AuthState = Type.Static<typeof AuthStateSchema>

export const CreateApiKeyRequestSchema = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 120 }) },
  { additionalProperties: false },
)
export const ApiKeySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** First characters, to tell keys apart. */
  prefix: Type.String(),
  createdAt: Type.String(),
  lastUsedAt: Type.Union([Type.String(), Type.Null()]),
})
export type ApiKey = Type.Static<typeof ApiKeySchema>
export const ApiKeyListSchema = Type.Object({ apiKeys: Type.Array(ApiKeySchema) })
/** `secret` is shown this once and stored only as a hash. */
export const CreatedApiKeySchema = Type.Object({ apiKey: ApiKeySchema, secret: Type.String() })
export type CreatedApiKey = Type.Static<typeof CreatedApiKeySchema>
