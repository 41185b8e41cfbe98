import type { Config } from '../../../config/config.ts'
import type { Database } from '../../../db/database.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import type { LdapSignIn } from '../../../users/ldap/create-ldap-sign-in.ts'
import type { OidcSignIn } from '../../../users/oidc/create-oidc-sign-in.ts'
import type { UsersDoor } from '../../../users/create-users-door.ts'
import type { KnownDevices } from '../../limits/known-device.ts'
import type { SignInGate } from '../../limits/create-sign-in-gate.ts'

export interface AuthRouteDeps {
  database: Database
  acts: ActWriter
  config: Pick<Config, 'loginAttemptsPerMinute' | 'signIn'>
  users: UsersDoor
  /** Null: nobody signs in by OpenID Connect. */
  oidc: OidcSignIn | null
  /** Null: nobody signs in by LDAP. */
  ldap: LdapSignIn | null
  /** Scheme, host and port people use; null: nobody said. */
  publicOrigin: string | null
  version: string
  knownDevices: KnownDevices
  signInGate: SignInGate
}
