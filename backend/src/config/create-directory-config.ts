import type { UserRole } from '@llmchat/protocol/api/user-schema'
import type { LdapConfig, OidcConfig, SignInConfig } from './directory-config.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'

/** What reads settings and collects what is wrong with them. */
export interface SettingReader {
  read: <Value>(setting: Setting<Value>) => Value
  refuse(setting: Setting<unknown>, rule: string): void
}

/** The words were checked by the setting. */
function toRoles(mapping: Readonly<Record<string, string>> | null): Readonly<Record<string, UserRole>> | null {
  return mapping as Readonly<Record<string, UserRole>> | null
}

export function toOidc(reader: SettingReader): OidcConfig | null {
  const { read } = reader
  const issuer = read(settings.oidcIssuer)
  const clientId = read(settings.oidcClientId)
  if (issuer === null) {
    if (clientId !== null) reader.refuse(settings.oidcIssuer, 'must be set together with OIDC_CLIENT_ID')
    return null
  }
  if (clientId === null) reader.refuse(settings.oidcClientId, 'must be set together with OIDC_ISSUER')
  // Never from what a request says of itself: whoever could choose it would be sent the code.
  if (read(settings.publicUrl) === null) reader.refuse(settings.publicUrl, 'must be set together with OIDC_ISSUER')
  const groupsClaim = read(settings.oidcGroupsClaim)
  return {
    issuer,
    clientId: clientId ?? '',
    clientSecret: read(settings.oidcClientSecret),
    clientAuth: read(settings.oidcClientAuth),
    scopes: read(settings.oidcScopes),
    groupsClaim,
    roleClaim: read(settings.oidcRoleClaim) ?? groupsClaim,
    externalIdClaim: read(settings.oidcExternalIdClaim),
    label: read(settings.oidcLabel),
    roleMapping: toRoles(read(settings.oidcRoleMapping)),
    groupMapping: read(settings.oidcGroupMapping),
    isGroupCreated: read(settings.oidcCreateGroups),
    isAutoCreate: read(settings.oidcAutoCreate),
    isLinkByEmail: read(settings.oidcLinkByEmail),
  }
}

export function toLdap(reader: SettingReader): LdapConfig | null {
  const { read } = reader
  const urls = read(settings.ldapUrl)
  if (urls.length === 0) return null
  const base = read(settings.ldapBase)
  if (base === null) reader.refuse(settings.ldapBase, 'must be set together with LDAP_URL')
  const bindDn = read(settings.ldapBindDn)
  const bindPassword = read(settings.ldapBindPassword)
  // A name without a password is let in by many servers as nobody: what then is not found would look like a wrong password.
  if (bindDn !== null && bindPassword === null) {
    reader.refuse(settings.ldapBindPassword, 'must be set together with LDAP_BIND_DN')
  }
  return {
    urls,
    isStartTls: read(settings.ldapStartTls),
    caFile: read(settings.ldapCaFile),
    bindDn,
    bindPassword,
    base: base ?? '',
    userFilter: read(settings.ldapUserFilter),
    idAttribute: read(settings.ldapIdAttribute),
    emailAttribute: read(settings.ldapEmailAttribute),
    nameAttribute: read(settings.ldapNameAttribute),
    groupBase: read(settings.ldapGroupBase),
    groupFilter: read(settings.ldapGroupFilter),
    timeoutMs: read(settings.ldapTimeoutMs),
    roleMapping: toRoles(read(settings.ldapRoleMapping)),
    groupMapping: read(settings.ldapGroupMapping),
    isGroupCreated: read(settings.ldapCreateGroups),
    isAutoCreate: read(settings.ldapAutoCreate),
    isLinkByEmail: read(settings.ldapLinkByEmail),
  }
}

/** `hasDirectory`: there is another way in than a password of this place. */
export function toSignIn(reader: SettingReader, hasDirectory: boolean): SignInConfig {
  if (reader.read(settings.passwordSignIn) === 'everybody') return { breakGlassEmail: null }
  const breakGlassEmail = reader.read(settings.breakGlassAdmin)
  if (breakGlassEmail === null) {
    reader.refuse(settings.breakGlassAdmin, 'must be set with PASSWORD_SIGN_IN=break-glass')
  }
  if (!hasDirectory) reader.refuse(settings.passwordSignIn, 'must not be break-glass without a directory to sign in by')
  return { breakGlassEmail }
}
