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

/** Where an account comes from: made here, or at the first sign-in by a directory, or by SCIM. */
export const UserSourceSchema = Type.Union([
  Type.Literal('local'),
  Type.Literal('oidc'),
  Type.Literal('ldap'),
  Type.Literal('scim'),
])
export type UserSource = Type.Static<typeof UserSourceSchema>

/**
 * `chat`: ask agents. `read`: read what its person has. `admin`: what its person's role allows under /api/admin.
 * `scim`: an administrator's key with which a directory keeps people and groups, and nothing else.
 */
export const ApiKeyScopeSchema = Type.Union([
  Type.Literal('chat'),
  Type.Literal('read'),
  Type.Literal('admin'),
  Type.Literal('scim'),
])
export type ApiKeyScope = Type.Static<typeof ApiKeyScopeSchema>
