import type { Entry } from 'ldapts'
import type { LdapConfig } from '../../config/directory-config.ts'
import type { DirectoryPerson } from '../directory/directory-person.ts'
import { toGroupNames, toRole } from '../directory/map-directory-values.ts'
import { toGroupName } from './to-group-name.ts'

/** A person as the directory has them. `groupDns` null: `memberOf` tells. */
export interface LdapEntry {
  entry: Entry
  groupDns: readonly string[] | null
}

type Naming = Pick<
  LdapConfig,
  'base' | 'idAttribute' | 'emailAttribute' | 'nameAttribute' | 'roleMapping' | 'groupMapping'
>

/** Servers write names of attributes as they like. */
function listValues(entry: Entry, name: string): (string | Buffer)[] {
  const key = Object.keys(entry).find((each) => each.toLowerCase() === name.toLowerCase())
  const value = key === undefined ? [] : entry[key]
  return value === undefined ? [] : [value].flat()
}

function readText(entry: Entry, name: string): string | null {
  const text = listValues(entry, name)[0]?.toString().trim() ?? ''
  return text === '' ? null : text
}

/** Active Directory's is sixteen bytes, others' is text. */
function readId(entry: Entry, name: string): string | null {
  const value = listValues(entry, name)[0]
  if (value === undefined || value.length === 0) return null
  return Buffer.isBuffer(value) && name.toLowerCase() === 'objectguid' ? value.toString('hex') : value.toString()
}

/** Null: without the attribute that never changes nobody can be found again. */
export function toLdapPerson({ entry, groupDns }: LdapEntry, config: Naming): DirectoryPerson | null {
  const subject = readId(entry, config.idAttribute)
  if (subject === null) return null
  const dns = groupDns ?? listValues(entry, 'memberOf').map(String)
  const names = dns.map(toGroupName).filter((name) => name !== null)
  const all = [...names, ...dns, ...dns.map((dn) => dn.toLowerCase())]
  return {
    source: 'ldap',
    issuer: `ldap:${config.base.toLowerCase()}`,
    subject,
    email: readText(entry, config.emailAttribute),
    // The company's own directory: what stands there is true.
    isEmailVerified: true,
    name: readText(entry, config.nameAttribute),
    externalId: null,
    role: toRole(all, config.roleMapping),
    groups: toGroupNames(config.groupMapping === null ? names : all, config.groupMapping),
  }
}
