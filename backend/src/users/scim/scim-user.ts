import { createHash } from 'node:crypto'
import { toEmailKey } from '../user-repository.ts'
import { getAttribute, getFlag, getText, toScimRefusal, type ScimJson } from './scim-json.ts'

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** What SCIM may say of a person. */
export interface ScimUser {
  userName: string
  externalId: string | null
  email: string
  name: string
  givenName: string | null
  familyName: string | null
  isActive: boolean
}

/** As it is stored. */
export interface ScimUserRow extends ScimUser {
  id: string
  groups: readonly { id: string; name: string }[]
  createdAt: Date
  updatedAt: Date
}

const EMAIL = /^[^@\s]+@[^@\s]+$/
const MAX_TEXT = 254
const MAX_NAME = 120

/** Tells one state of a resource from another. */
export function toVersion(resource: ScimJson): string {
  return `W/"${createHash('sha256').update(JSON.stringify(resource)).digest('base64url').slice(0, 22)}"`
}

/** With `meta`, whose `version` is over all the rest. */
export function withMeta(
  resource: ScimJson,
  meta: { resourceType: 'User' | 'Group'; createdAt: Date; updatedAt: Date; location: string },
): ScimJson {
  const { resourceType, createdAt, updatedAt, location } = meta
  const facts = { resourceType, created: createdAt.toISOString(), lastModified: updatedAt.toISOString(), location }
  return { ...resource, meta: { ...facts, version: toVersion({ ...resource, meta: facts }) } }
}

/** `baseUrl`: of all SCIM resources, e.g. `https://chat.corp.example/scim/v2`. */
export function toUserResource(row: ScimUserRow, baseUrl: string): ScimJson {
  const { id, userName, externalId, email, name, givenName, familyName, isActive, groups } = row
  const resource = {
    schemas: [userSchema],
    id,
    ...(externalId === null ? {} : { externalId }),
    userName,
    name: {
      formatted: name,
      ...(givenName === null ? {} : { givenName }),
      ...(familyName === null ? {} : { familyName }),
    },
    displayName: name,
    emails: [{ value: email, type: 'work', primary: true }],
    active: isActive,
    groups: groups.map((group) => ({ value: group.id, display: group.name, $ref: `${baseUrl}/Groups/${group.id}` })),
  }
  return withMeta(resource, { ...row, resourceType: 'User', location: `${baseUrl}/Users/${id}` })
}

function toEmail(resource: ScimJson, userName: string): string {
  const emails = getAttribute(resource, 'emails')
  const items: readonly unknown[] = Array.isArray(emails) ? emails : []
  const first = items.find((item) => getFlag(item, 'primary') === true) ?? items[0]
  const email = toEmailKey((typeof first === 'string' ? first : getText(first, 'value', MAX_TEXT)) ?? userName)
  if (EMAIL.test(email)) return email
  throw toScimRefusal('invalidValue', 'An e-mail address is needed, in emails or as userName.')
}

function joinNames(resource: ScimJson): string | null {
  const name = getAttribute(resource, 'name')
  const parts = [getText(name, 'givenName', MAX_TEXT), getText(name, 'familyName', MAX_TEXT)]
  const joined = parts.filter((part) => part !== null).join(' ')
  return joined === '' ? null : joined
}

function listNames(resource: ScimJson): (string | null)[] {
  const name = getAttribute(resource, 'name')
  return [getText(resource, 'displayName', MAX_TEXT), getText(name, 'formatted', MAX_TEXT), joinNames(resource)]
}

/** The first of the three that is new; a directory that changes one name means the one that is shown. */
function toName(resource: ScimJson, before: ScimJson | null): string | null {
  const names = listNames(resource)
  const known = before === null ? [] : listNames(before)
  const isWhole = before !== null && known[2] !== null && known[2] === known[0]
  const changed = names.findIndex((name, index) => name !== null && name !== known[index])
  // First and last name are the shown name only where they were so before.
  const isMeant = changed < 2 || before === null || isWhole
  return (changed >= 0 && isMeant ? names[changed] : undefined) ?? names.find((name) => name !== null) ?? null
}

/** `before`: as it was shown; null for a new one. Errors: `invalid_request` (`invalidValue`). */
export function parseUser(resource: ScimJson, before: ScimJson | null): ScimUser {
  const userName = getText(resource, 'userName', MAX_TEXT)
  if (userName === null) throw toScimRefusal('invalidValue', 'userName is needed.')
  const email = toEmail(resource, userName)
  const name = getAttribute(resource, 'name')
  return {
    userName,
    externalId: getText(resource, 'externalId', MAX_TEXT),
    email,
    name: (toName(resource, before) ?? email).slice(0, MAX_NAME),
    givenName: getText(name, 'givenName', MAX_TEXT),
    familyName: getText(name, 'familyName', MAX_TEXT),
    isActive: getFlag(resource, 'active') ?? getFlag(before, 'active') ?? true,
  }
}
