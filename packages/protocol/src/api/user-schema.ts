import Type from 'typebox'

/**
 * `member`: their own things. `auditor`: also reads the audit log and the admin lists, changes nothing of others'.
 * `operator`: also runs the place: agents, instances, login sessions, health. `admin`: everything.
 */
export const UserRoleSchema = Type.Union([
  Type.Literal('admin'),
  Type.Literal('operator'),
  Type.Literal('auditor'),
  Type.Literal('member'),
])
export type UserRole = Type.Static<typeof UserRoleSchema>

/** `chat`: ask agents. `read`: read what its person has. `admin`: what its person's role allows under /api/admin. */
export const ApiKeyScopeSchema = Type.Union([Type.Literal('chat'), Type.Literal('read'), Type.Literal('admin')])
export type ApiKeyScope = Type.Static<typeof ApiKeyScopeSchema>
