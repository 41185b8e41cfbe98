import Type from 'typebox'
import { AgentImportSchema, ProviderNameSchema } from './agent-schema.ts'
import { TimestampSchema, toNullable } from './common-schema.ts'
import { LoginSessionSchema } from './identity-schema.ts'
import { UserRoleSchema, UserSourceSchema } from './user-schema.ts'

const page = {
  cursor: Type.Optional(Type.String({ maxLength: 600 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
}
const search = Type.Optional(Type.String({ maxLength: 200 }))

export const AdminUserSchema = Type.Object(
  {
    id: Type.String(),
    email: Type.String(),
    name: Type.String(),
    role: UserRoleSchema,
    source: UserSourceSchema,
    isActive: Type.Boolean(),
    isOnLegalHold: Type.Boolean(),
    /** Two-step sign-in is on. */
    hasSecondFactor: Type.Boolean(),
    /** Only the id is left of this person; null: not erased. */
    erasedAt: toNullable(TimestampSchema),
    groups: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    /** By browser or API key; to the minute. */
    lastSeenAt: toNullable(TimestampSchema),
    createdAt: TimestampSchema,
  },
  { $id: 'AdminUser' },
)
export type AdminUser = Type.Static<typeof AdminUserSchema>

/** By address. `q` is looked for in address and name. */
export const ListUsersQuerySchema = Type.Object(
  {
    ...page,
    q: search,
    role: Type.Optional(UserRoleSchema),
    state: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('inactive')])),
    groupId: Type.Optional(Type.String({ maxLength: 64 })),
    /** Only these, by id, with commas between: who the acts of an audit page speak of. */
    ids: Type.Optional(Type.String({ maxLength: 8000, pattern: '^[A-Za-z0-9._:-]+(?:,[A-Za-z0-9._:-]+){0,199}$' })),
  },
  { additionalProperties: false },
)
export const AdminUserPageSchema = Type.Object({
  users: Type.Array(AdminUserSchema),
  nextCursor: toNullable(Type.String()),
})
export type AdminUserPage = Type.Static<typeof AdminUserPageSchema>

/** What is named is changed. Whoever is switched off is signed out everywhere, and their API keys stop working. */
export const UpdateUserRequestSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    role: Type.Optional(UserRoleSchema),
    isActive: Type.Optional(Type.Boolean()),
    isOnLegalHold: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateUserRequest = Type.Static<typeof UpdateUserRequestSchema>

/** `erase`: chats, keys, login sessions, memberships, name and address go as well; only the id stays, for the audit log. */
export const DeleteUserQuerySchema = Type.Object(
  { mode: Type.Optional(Type.Union([Type.Literal('deactivate'), Type.Literal('erase')])) },
  { additionalProperties: false },
)

/** Of somebody else: without where it is and what browser it has. */
const LoginSessionSummarySchema = Type.Omit(LoginSessionSchema, ['isCurrent', 'userAgent', 'address'])
export type LoginSessionSummary = Type.Static<typeof LoginSessionSummarySchema>
export const LoginSessionSummaryListSchema = Type.Object({ loginSessions: Type.Array(LoginSessionSummarySchema) })

export const GroupSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    memberCount: Type.Integer(),
    createdAt: TimestampSchema,
  },
  { $id: 'Group' },
)
export type Group = Type.Static<typeof GroupSchema>
export const GroupListSchema = Type.Object({ groups: Type.Array(GroupSchema) })

export const CreateGroupRequestSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type CreateGroupRequest = Type.Static<typeof CreateGroupRequestSchema>
export const UpdateGroupRequestSchema = Type.Partial(CreateGroupRequestSchema, {
  additionalProperties: false,
  minProperties: 1,
})
export type UpdateGroupRequest = Type.Static<typeof UpdateGroupRequestSchema>

/** An agent may be seen by whoever is in an `allow` group, or by everybody if there is none; and by nobody of a `deny` group. */
export const AgentAccessRuleSchema = Type.Object(
  {
    groupId: Type.String({ minLength: 1, maxLength: 64 }),
    effect: Type.Union([Type.Literal('allow'), Type.Literal('deny')]),
  },
  { additionalProperties: false },
)
export type AgentAccessRule = Type.Static<typeof AgentAccessRuleSchema>
/** All rules of one agent, for reading and for writing; at most one per group. Empty: it is everybody's. */
export const AgentAccessSchema = Type.Object(
  { rules: Type.Array(AgentAccessRuleSchema, { maxItems: 500 }) },
  { additionalProperties: false },
)
export type AgentAccess = Type.Static<typeof AgentAccessSchema>

/** Everything about an agent except its key, which never leaves the server. */
export const AdminAgentSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    provider: ProviderNameSchema,
    baseUrl: Type.String(),
    hasApiKey: Type.Boolean(),
    model: toNullable(Type.String()),
    appId: toNullable(Type.String()),
    systemPrompt: toNullable(Type.String()),
    temperature: toNullable(Type.Number()),
    maxTokens: toNullable(Type.Integer()),
    options: Type.Record(Type.String(), Type.Unknown()),
    suggestions: Type.Array(Type.String()),
    fallbackAgentIds: Type.Array(Type.String()),
    maxConcurrent: toNullable(Type.Integer()),
    hedgeAfterMs: toNullable(Type.Integer()),
    takesImages: Type.Boolean(),
    takesFiles: Type.Boolean(),
    /** `demo` and `environment` agents come back at the next start as long as their cause is there. */
    origin: Type.Union([
      Type.Literal('demo'),
      Type.Literal('environment'),
      Type.Literal('import'),
      Type.Literal('admin'),
    ]),
    isActive: Type.Boolean(),
    isDefault: Type.Boolean(),
    access: AgentAccessSchema,
    createdAt: TimestampSchema,
    updatedAt: TimestampSchema,
  },
  { $id: 'AdminAgent' },
)
export type AdminAgent = Type.Static<typeof AdminAgentSchema>
export const AdminAgentListSchema = Type.Object({ agents: Type.Array(AdminAgentSchema) })

/** As an entry of an agents file. */
export const CreateAgentRequestSchema = AgentImportSchema

const importFields = AgentImportSchema.properties
/**
 * What is named is changed; null takes away what may be missing. `apiKey` replaces the stored key, null removes it. With
 * another host, or another provider, the key must be given again: it may not follow to wherever somebody points.
 */
export const UpdateAgentRequestSchema = Type.Object(
  {
    name: Type.Optional(importFields.name),
    description: importFields.description,
    provider: Type.Optional(ProviderNameSchema),
    baseUrl: importFields.baseUrl,
    apiKey: Type.Optional(toNullable(Type.String({ minLength: 1, maxLength: 4000 }))),
    model: Type.Optional(toNullable(Type.String({ maxLength: 200 }))),
    appId: Type.Optional(toNullable(Type.String({ maxLength: 200 }))),
    systemPrompt: Type.Optional(toNullable(Type.String({ maxLength: 100_000 }))),
    temperature: Type.Optional(toNullable(Type.Number({ minimum: 0, maximum: 2 }))),
    maxTokens: Type.Optional(toNullable(Type.Integer({ minimum: 1, maximum: 1_000_000 }))),
    isActive: importFields.isActive,
    isDefault: importFields.isDefault,
    suggestions: importFields.suggestions,
    fallbackAgentIds: importFields.fallbackAgentIds,
    maxConcurrent: Type.Optional(toNullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
    hedgeAfterMs: Type.Optional(toNullable(Type.Integer({ minimum: 100, maximum: 120_000 }))),
    takesImages: importFields.takesImages,
    takesFiles: importFields.takesFiles,
    options: importFields.options,
  },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateAgentRequest = Type.Static<typeof UpdateAgentRequestSchema>

/** A short question was asked of the agent's real upstream. */
export const AgentTestSchema = Type.Object({
  isWorking: Type.Boolean(),
  /** A code of the error catalogue; null when it works. */
  errorCode: toNullable(Type.String()),
  message: toNullable(Type.String()),
  firstContentMs: toNullable(Type.Number()),
  durationMs: Type.Number(),
})
export type AgentTest = Type.Static<typeof AgentTestSchema>
