import type { UserRole } from '@llmchat/protocol/api/user-schema'

/** What both kinds of directory may say of roles and groups, and what comes of it. */
export interface DirectoryRules {
  /** What the directory calls somebody → role; the highest counts, nothing makes a member. Null: roles are given here. */
  roleMapping: Readonly<Record<string, UserRole>> | null
  /** The directory's group → ours. Null: groups of the same name. */
  groupMapping: Readonly<Record<string, string>> | null
  /** Groups that are not there yet are made. */
  isGroupCreated: boolean
  /** Whoever signs in for the first time gets an account. */
  isAutoCreate: boolean
  /** An account of the same, vouched-for address is theirs. */
  isLinkByEmail: boolean
}

export interface OidcConfig extends DirectoryRules {
  issuer: string
  clientId: string
  /** Null: a public client, by PKCE alone. */
  clientSecret: string | null
  clientAuth: 'basic' | 'post'
  scopes: string
  /** Names of claims; a dot goes one level down. */
  groupsClaim: string
  roleClaim: string
  /** A claim that holds what SCIM calls the person; null: none. */
  externalIdClaim: string | null
  /** What the button says; null: the page's own words. */
  label: string | null
}

export interface SignInConfig {
  /** The one administrator whose password still counts; null: everybody's does. */
  breakGlassEmail: string | null
}

export interface LdapConfig extends DirectoryRules {
  /** In the order in which they are asked. */
  urls: readonly string[]
  isStartTls: boolean
  /** Certificates that its own is checked against; null: those the system trusts. */
  caFile: string | null
  /** What people are searched with; null: without a name. */
  bindDn: string | null
  bindPassword: string | null
  base: string
  /** With `{login}`. */
  userFilter: string
  idAttribute: string
  emailAttribute: string
  nameAttribute: string
  /** Where groups are searched; null: `memberOf` of the person tells them. */
  groupBase: string | null
  /** With `{dn}`. */
  groupFilter: string
  timeoutMs: number
}
