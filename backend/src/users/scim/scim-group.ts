import { getAttribute, getText, isObject, toScimRefusal, type ScimJson } from './scim-json.ts'
import { withMeta } from './scim-user.ts'

export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/** What SCIM may say of a group. */
export interface ScimGroup {
  name: string
  externalId: string | null
  memberIds: readonly string[]
}

/** As it is stored. `members` null: they were not asked for. */
export interface ScimGroupRow {
  id: string
  name: string
  externalId: string | null
  members: readonly { id: string; name: string }[] | null
  createdAt: Date
  updatedAt: Date
}

const MAX_NAME = 256
const MAX_MEMBERS = 50_000

export function toGroupResource(row: ScimGroupRow, baseUrl: string): ScimJson {
  const { id, name, externalId, members } = row
  const toMember = (member: { id: string; name: string }): ScimJson => ({
    value: member.id,
    display: member.name,
    type: 'User',
    $ref: `${baseUrl}/Users/${member.id}`,
  })
  const resource = {
    schemas: [groupSchema],
    id,
    ...(externalId === null ? {} : { externalId }),
    displayName: name,
    ...(members === null ? {} : { members: members.map(toMember) }),
  }
  return withMeta(resource, { ...row, resourceType: 'Group', location: `${baseUrl}/Groups/${id}` })
}

function toMemberId(member: unknown): string {
  const id = isObject(member) ? getText(member, 'value', 64) : null
  if (id === null) throw toScimRefusal('invalidValue', 'A member is an object with a value.')
  return id
}

/** Errors: `invalid_request` (`invalidValue`). */
export function parseGroup(resource: ScimJson): ScimGroup {
  const name = getText(resource, 'displayName', MAX_NAME)
  if (name === null) throw toScimRefusal('invalidValue', 'displayName is needed.')
  const members = getAttribute(resource, 'members') ?? []
  if (!Array.isArray(members) || members.length > MAX_MEMBERS) {
    throw toScimRefusal('invalidValue', `members is a list of at most ${String(MAX_MEMBERS)}.`)
  }
  return {
    name,
    externalId: getText(resource, 'externalId', MAX_NAME),
    memberIds: [...new Set(members.map(toMemberId))],
  }
}
