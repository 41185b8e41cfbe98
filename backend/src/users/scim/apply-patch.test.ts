import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyPatch } from './apply-patch.ts'
import type { ScimJson } from './scim-json.ts'

const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
const patch = (resource: ScimJson, ...Operations: unknown[]): ScimJson => applyPatch(resource, { schemas, Operations })

const group = { displayName: 'Legal', members: [{ value: 'a', display: 'Ann' }] }
const user = {
  userName: 'ann',
  name: { givenName: 'Ann', familyName: 'Lee' },
  displayName: 'Ann Lee',
  emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
  active: true,
}

describe('the examples of RFC 7644 §3.5.2', () => {
  test('add a member to a group; one that is there changes nothing', () => {
    const added = patch(group, { op: 'add', path: 'members', value: [{ display: 'Babs', value: 'b' }] })
    expect(added['members']).toEqual([
      { value: 'a', display: 'Ann' },
      { display: 'Babs', value: 'b' },
    ])
    expect(patch(group, { op: 'add', path: 'members', value: [{ value: 'a' }] })).toEqual(group)
  })

  test('add without a path', () => {
    const value = { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickname: 'Babs' }
    const changed = patch(user, { op: 'add', value })
    expect(changed['emails']).toEqual([...user.emails, { value: 'babs@jensen.org', type: 'home' }])
    expect(changed['nickname']).toBe('Babs')
  })

  test('remove one member, by filter, and all members', () => {
    const two = patch(group, { op: 'add', path: 'members', value: [{ value: 'b' }] })
    expect(patch(two, { op: 'remove', path: 'members[value eq "a"]' })['members']).toEqual([{ value: 'b' }])
    expect(patch(two, { op: 'remove', path: 'members' })).toEqual({ displayName: 'Legal' })
  })

  test('remove by a filter of two conditions', () => {
    const path = 'emails[type eq "work" and value ew "example.com"]'
    expect(patch(user, { op: 'remove', path })['emails']).toEqual([])
  })

  test('replace all members, and a part of one entry', () => {
    const replaced = patch(group, { op: 'replace', path: 'members', value: [{ value: 'c' }] })
    expect(replaced['members']).toEqual([{ value: 'c' }])
    const email = patch(user, { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.com' })
    expect(email['emails']).toEqual([{ value: 'new@example.com', type: 'work', primary: true }])
  })

  test('remove and add in one request: what was renamed is there once', () => {
    const changed = patch(
      group,
      { op: 'remove', path: 'members[value eq "a"]' },
      { op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'b' }] },
    )
    expect(changed['members']).toEqual([{ value: 'a' }, { value: 'b' }])
  })
})

describe('the spellings of Entra', () => {
  test('capital letters, flags as texts, dotted keys without a path', () => {
    expect(patch(user, { op: 'Replace', path: 'active', value: 'False' })['active']).toBe('False')
    const changed = patch(user, { op: 'Replace', value: { displayName: 'A. Lee', 'name.givenName': 'Anna' } })
    expect(changed).toMatchObject({ displayName: 'A. Lee', name: { givenName: 'Anna', familyName: 'Lee' } })
  })

  test('an address that is not there yet is made from its filter', () => {
    const without = { ...user, emails: [] }
    const changed = patch(without, { op: 'Add', path: 'emails[type eq "work"].value', value: 'ann@new.example' })
    expect(changed['emails']).toEqual([{ type: 'work', value: 'ann@new.example' }])
  })

  test('members to be removed are named in the value', () => {
    const two = patch(group, { op: 'Add', path: 'members', value: [{ $ref: null, value: 'b' }] })
    const left = patch(two, { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] })
    expect(left['members']).toEqual([{ $ref: null, value: 'b' }])
  })

  test('a path with the schema in front', () => {
    const path = 'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName'
    expect(patch(user, { op: 'replace', path, value: 'Ng' })['name']).toEqual({ givenName: 'Ann', familyName: 'Ng' })
  })
})

describe('the spellings of Okta', () => {
  test('switching off and renaming come without a path, with the id in it', () => {
    expect(patch(user, { op: 'replace', value: { active: false } })['active']).toBe(false)
    const renamed = patch({ id: 'g', ...group }, { op: 'replace', value: { id: 'other', displayName: 'Law' } })
    expect(renamed).toMatchObject({ id: 'g', displayName: 'Law' })
  })
})

test.each<[string, unknown, string]>([
  ['no operations', { schemas }, 'invalidSyntax'],
  ['no schema', { Operations: [{ op: 'add', path: 'a', value: 1 }] }, 'invalidSyntax'],
  ['an unknown op', { schemas, Operations: [{ op: 'move', path: 'a' }] }, 'invalidSyntax'],
  ['a removal of nothing', { schemas, Operations: [{ op: 'remove' }] }, 'noTarget'],
  ['a path that is none', { schemas, Operations: [{ op: 'remove', path: 'a b' }] }, 'invalidPath'],
  ['a filter that is none', { schemas, Operations: [{ op: 'remove', path: 'members[value xx "a"]' }] }, 'invalidPath'],
  ['a value that is missing', { schemas, Operations: [{ op: 'add', path: 'members' }] }, 'invalidValue'],
])('%s is refused', (_what, body, scimType) => {
  expect(() => applyPatch(group, body)).toThrow(
    expect.objectContaining({ code: 'invalid_request', details: { scimType } }),
  )
})

test('reads only what it is given: nothing of objects’ own', () => {
  const value = JSON.parse('{"__proto__":{"active":false},"constructor":{"active":false}}') as unknown
  expect(() => patch(user, { op: 'add', value })).toThrow()
  const changed = patch(user, { op: 'add', path: 'constructor', value: { active: false } })
  expect(changed['active']).toBe(true)
  expect(({} as { active?: unknown }).active).toBeUndefined()
})

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { maxLength: 20 })

test('adding members and removing them again, by path or by value, gives what was there', () => {
  fc.assert(
    fc.property(ids, ids, fc.boolean(), (there, given, isByPath) => {
      const added = given.filter((id) => !there.includes(id))
      const before = { displayName: 'G', members: there.map((value) => ({ value, display: value })) }
      if (added.length === 0) return
      const members = added.map((value) => ({ value }))
      const removals = isByPath
        ? added.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
        : [{ op: 'Remove', path: 'members', value: members }]
      expect(patch(before, { op: 'add', path: 'members', value: members }, ...removals)).toEqual(before)
    }),
  )
})

test('setting a single value and taking it away again gives what was there', () => {
  fc.assert(
    fc.property(fc.constantFrom('nickName', 'name.middleName', 'externalId'), fc.jsonValue(), (path, value) => {
      if (Array.isArray(value) || value === null) return
      expect(patch(user, { op: 'add', path, value }, { op: 'remove', path })).toEqual(user)
    }),
  )
})
