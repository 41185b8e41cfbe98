import type { UserRole } from '@llmchat/protocol/api/user-schema'

/** Somebody whom a directory has vouched for at a sign-in. */
export interface DirectoryPerson {
  source: 'oidc' | 'ldap'
  /** Which directory, and what it calls them; neither ever changes, so by these they are found again. */
  issuer: string
  subject: string
  /** Null: it does not say. */
  email: string | null
  /** The directory says that the address is theirs. */
  isEmailVerified: boolean
  name: string | null
  /** What SCIM calls them; null: not known. */
  externalId: string | null
  /** Null: the directory has nothing to say of roles. */
  role: UserRole | null
  /** Names of our groups; null: it has nothing to say of groups. */
  groups: readonly string[] | null
}
