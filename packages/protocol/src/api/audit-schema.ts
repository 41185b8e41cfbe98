import Type from 'typebox'
import { TimestampSchema, toNullable } from './common-schema.ts'

/** Everything that is written down. `object.what-happened`. */
export const auditActions = [
  'login.succeeded',
  'login.failed',
  'logout',
  'set-up.completed',
  'password.changed',
  'password.reset',
  'password.reset-link-created',
  'invitation.created',
  'invitation.revoked',
  'invitation.accepted',
  'totp.enabled',
  'totp.disabled',
  'totp.removed',
  'totp.recovery-codes-renewed',
  'user.created',
  'user.changed',
  'user.deactivated',
  'user.erased',
  'identity.linked',
  'login-session.revoked',
  'login-sessions.revoked',
  'group.created',
  'group.changed',
  'group.deleted',
  'group.member-added',
  'group.member-removed',
  'agent.created',
  'agent.changed',
  'agent.deleted',
  'agent.access-changed',
  'agent.tested',
  'agents.imported',
  'agent.price-changed',
  'quota.created',
  'quota.changed',
  'quota.deleted',
  'api-key.created',
  'api-key.revoked',
  'instance.drain-begun',
  'instance.drain-called-off',
  'chat.exported',
  'audit.exported',
  'audit.retention-applied',
  'secret-key.rotated',
] as const
export type AuditAction = (typeof auditActions)[number]

export const AuditActionSchema = Type.Union(auditActions.map((action) => Type.Literal(action)))
export const AuditOutcomeSchema = Type.Union([Type.Literal('success'), Type.Literal('failure')])
export type AuditOutcome = Type.Static<typeof AuditOutcomeSchema>

/** Small facts about an act: names of what was changed, counts. Never content, never secrets. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** One act. People are named by id; their present names and addresses are in the list of users. */
export const AuditEntrySchema = Type.Object(
  {
    /** Counts up by one; gives the order. */
    seq: Type.Integer(),
    at: TimestampSchema,
    /** `visitor`: not signed in. `system`: the server by itself. `command-line`: who can use the server's machine. */
    actorKind: Type.Union([
      Type.Literal('user'),
      Type.Literal('visitor'),
      Type.Literal('system'),
      Type.Literal('command-line'),
    ]),
    actorId: toNullable(Type.String()),
    /** The key with which they acted; null: by browser, or no key at all. */
    apiKeyId: toNullable(Type.String()),
    action: Type.String(),
    /** `user`, `group`, `agent`, `api-key`, `login-session`, `instance`, `chat-session`, `quota` or null. */
    targetKind: toNullable(Type.String()),
    targetId: toNullable(Type.String()),
    outcome: AuditOutcomeSchema,
    /** A code of the error catalogue; null on success. */
    errorCode: toNullable(Type.String()),
    /** IP address the request came from; null where there was none. */
    address: toNullable(Type.String()),
    requestId: toNullable(Type.String()),
    details: Type.Record(Type.String(), Type.Unknown()),
    /** Over this row and the hash before it. */
    hash: Type.String(),
  },
  { $id: 'AuditEntry' },
)
export type AuditEntry = Type.Static<typeof AuditEntrySchema>

const filters = {
  actorId: Type.Optional(Type.String({ maxLength: 128 })),
  action: Type.Optional(AuditActionSchema),
  targetKind: Type.Optional(Type.String({ maxLength: 40 })),
  targetId: Type.Optional(Type.String({ maxLength: 128 })),
  outcome: Type.Optional(AuditOutcomeSchema),
  /** From this moment on. */
  from: Type.Optional(TimestampSchema),
  /** Before this moment. */
  until: Type.Optional(TimestampSchema),
}

export const ListAuditQuerySchema = Type.Object(
  {
    ...filters,
    cursor: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)

export const ExportAuditQuerySchema = Type.Object(
  { ...filters, format: Type.Union([Type.Literal('csv'), Type.Literal('json')]) },
  { additionalProperties: false },
)

/** The newest first. `nextCursor` is null on the last page. */
export const AuditPageSchema = Type.Object({
  entries: Type.Array(AuditEntrySchema),
  nextCursor: toNullable(Type.String()),
})
export type AuditPage = Type.Static<typeof AuditPageSchema>
