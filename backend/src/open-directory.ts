import { readFileSync } from 'node:fs'
import type { Clock } from './base/clock.ts'
import type { CreateId } from './base/ids.ts'
import type { Logger } from './base/logger.ts'
import type { Config } from './config/config.ts'
import type { Database } from './db/database.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'
import type { Scim } from './http/routes/scim/scim-routes.ts'
import { createLdapSignIn, type LdapSignIn } from './users/ldap/create-ldap-sign-in.ts'
import { createOidcProvider } from './users/oidc/create-oidc-provider.ts'
import { createOidcSignIn, type OidcSignIn } from './users/oidc/create-oidc-sign-in.ts'
import { createScimGroups } from './users/scim/create-scim-groups.ts'
import { createScimUsers } from './users/scim/create-scim-users.ts'

/** People and groups as a directory keeps them. */
export function createScim(deps: Parameters<typeof createScimGroups>[0]): Scim {
  return { users: createScimUsers(deps), groups: createScimGroups(deps) }
}

interface DirectoryDeps {
  database: Database
  clock: Clock
  createId: CreateId
  logger: Logger
  outbound: Pick<OutboundClient, 'send'>
}

/** Null where no server is configured. Throws where LDAP_CA_FILE cannot be read. */
export function openLdap({ ldap }: Pick<Config, 'ldap'>, deps: { clock: Clock; logger: Logger }): LdapSignIn | null {
  if (ldap === null) return null
  const ca = ldap.caFile === null ? null : readFileSync(ldap.caFile, 'utf8')
  return createLdapSignIn({ clock: deps.clock, logger: deps.logger.child({ room: 'users' }), ca }, ldap)
}

/** Null where no provider is configured. Nothing is asked of it before somebody signs in. */
export function openOidc(
  { oidc, publicUrl }: Pick<Config, 'oidc' | 'publicUrl'>,
  deps: DirectoryDeps,
): OidcSignIn | null {
  if (oidc === null || publicUrl === null) return null
  const provider = createOidcProvider(deps, oidc, `${new URL(publicUrl).origin}/api/auth/oidc/callback`)
  return createOidcSignIn({ ...deps, provider, logger: deps.logger.child({ room: 'users' }) }, oidc)
}
