import { createDurationSetting } from './duration-setting.ts'
import { createFlagSetting, createListSetting, createMappingSetting, createTextSetting } from '../setting.ts'
import { parseText } from '../setting-parsers.ts'

const roleWords = ['admin', 'operator', 'auditor', 'member'] as const

function isLdapUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname } = new URL(text)
  return ['ldap:', 'ldaps:'].includes(protocol) && hostname !== '' && ['', '/'].includes(pathname)
}

const list = createListSetting({
  variable: 'LDAP_URL',
  description: 'The LDAP servers people sign in by, asked in this order. Needs LDAP_BASE. See docs/SIGN_IN.md.',
  rule: 'ldaps:// or ldap:// addresses without a path, separated by commas',
  example: 'ldaps://dc1.corp.example,ldaps://dc2.corp.example',
})

/** Filters with a place for what is looked for. */
function createFilterParser(place: string): (text: string) => string | undefined {
  return (text) => (text.includes(place) && text.startsWith('(') && text.endsWith(')') ? text : undefined)
}

export const ldapSettings = {
  ldapUrl: {
    ...list,
    parse(text: string) {
      const urls = list.parse(text) ?? []
      return urls.every(isLdapUrl) ? urls : undefined
    },
  },
  ldapStartTls: createFlagSetting({
    variable: 'LDAP_START_TLS',
    description: 'Connections to ldap:// addresses are made private before anything is said.',
    default: false,
    defaultText: '0',
  }),
  ldapCaFile: createTextSetting({
    variable: 'LDAP_CA_FILE',
    description: 'The certificates (PEM) that the servers’ own are checked against.',
    rule: 'a path',
    example: '/etc/ssl/certs/corp-ca.pem',
    default: null,
    defaultText: 'those Node trusts',
    parse: parseText,
  }),
  ldapBindDn: createTextSetting({
    variable: 'LDAP_BIND_DN',
    description: 'The account that people are looked up with. Needs LDAP_BIND_PASSWORD.',
    rule: 'a distinguished name',
    example: 'cn=llmchat,ou=services,dc=corp,dc=example',
    default: null,
    defaultText: 'none: the server lets anybody search',
    parse: parseText,
  }),
  ldapBindPassword: createTextSetting({
    variable: 'LDAP_BIND_PASSWORD',
    description: 'The password of LDAP_BIND_DN.',
    rule: 'a password',
    example: '(of the account)',
    default: null,
    parse: parseText,
  }),
  ldapBindPasswordFile: createTextSetting({
    variable: 'LDAP_BIND_PASSWORD_FILE',
    description: 'A file that holds LDAP_BIND_PASSWORD.',
    rule: 'a path',
    example: '/run/secrets/ldap-bind-password',
    default: null,
    parse: parseText,
  }),
  ldapBase: createTextSetting({
    variable: 'LDAP_BASE',
    description: 'Below this people are searched. Names the directory: changing it makes everybody somebody new.',
    rule: 'a distinguished name',
    example: 'ou=people,dc=corp,dc=example',
    default: null,
    parse: parseText,
  }),
  ldapUserFilter: createTextSetting({
    variable: 'LDAP_USER_FILTER',
    description: 'Finds a person by what they typed as their e-mail, which stands for {login}.',
    rule: 'a filter in brackets with {login} in it',
    example: '(&(objectClass=user)(|(mail={login})(userPrincipalName={login})))',
    default: '(mail={login})',
    parse: createFilterParser('{login}'),
  }),
  ldapIdAttribute: createTextSetting({
    variable: 'LDAP_ID_ATTRIBUTE',
    description: 'What never changes of a person: entryUUID, or objectGUID in Active Directory.',
    rule: 'the name of an attribute',
    example: 'objectGUID',
    default: 'entryUUID',
    parse: parseText,
  }),
  ldapEmailAttribute: createTextSetting({
    variable: 'LDAP_EMAIL_ATTRIBUTE',
    description: 'Where their address is.',
    rule: 'the name of an attribute',
    example: 'userPrincipalName',
    default: 'mail',
    parse: parseText,
  }),
  ldapNameAttribute: createTextSetting({
    variable: 'LDAP_NAME_ATTRIBUTE',
    description: 'Where their name is.',
    rule: 'the name of an attribute',
    example: 'displayName',
    default: 'cn',
    parse: parseText,
  }),
  ldapGroupBase: createTextSetting({
    variable: 'LDAP_GROUP_BASE',
    description: 'Below this groups are searched that have the person in them.',
    rule: 'a distinguished name',
    example: 'ou=groups,dc=corp,dc=example',
    default: null,
    defaultText: 'none: memberOf of the person tells the groups',
    parse: parseText,
  }),
  ldapGroupFilter: createTextSetting({
    variable: 'LDAP_GROUP_FILTER',
    description: 'Finds the groups of a person, whose distinguished name stands for {dn}.',
    rule: 'a filter in brackets with {dn} in it',
    example: '(member:1.2.840.113556.1.4.1941:={dn})',
    default: '(member={dn})',
    parse: createFilterParser('{dn}'),
  }),
  ldapRoleMapping: createMappingSetting({
    variable: 'LDAP_ROLE_MAPPING',
    description:
      'What a group (its cn, or its distinguished name in lower case) makes of somebody, at every sign-in. Without it roles are given here.',
    words: roleWords,
    example: '{"llmchat-admins":"admin"}',
  }),
  ldapGroupMapping: createMappingSetting({
    variable: 'LDAP_GROUP_MAPPING',
    description: 'Which group of the directory is which of ours; without it the names (cn) are the same.',
    words: null,
    example: '{"cn=legal,ou=groups,dc=corp,dc=example":"Legal"}',
  }),
  ldapCreateGroups: createFlagSetting({
    variable: 'LDAP_CREATE_GROUPS',
    description: 'Groups that somebody brings along and that are not there yet are made.',
    default: false,
    defaultText: '0',
  }),
  ldapAutoCreate: createFlagSetting({
    variable: 'LDAP_AUTO_CREATE',
    description: 'Whoever the directory lets in gets an account. Off: only people who are there already.',
    default: true,
    defaultText: '1',
    example: '0',
  }),
  ldapLinkByEmail: createFlagSetting({
    variable: 'LDAP_LINK_BY_EMAIL',
    description: 'An account of the same address is theirs. Off: accounts are never joined by address.',
    default: false,
    defaultText: '0',
  }),
  ldapTimeoutMs: createDurationSetting('LDAP_TIMEOUT_MS', 5000, 'A server that does not answer for so long is left.', {
    minMs: 100,
    maxMs: 60_000,
  }),
}
