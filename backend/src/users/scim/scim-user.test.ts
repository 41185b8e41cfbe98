import { describe, expect, test } from 'vitest'
import { parseUser, toUserResource } from './scim-user.ts'

const row = {
  id: 'u-1',
  userName: 'Ann.Lee@corp.example',
  externalId: 'o-1',
  email: 'ann@example.com',
  name: 'Ann Lee',
  givenName: 'Ann',
  familyName: 'Lee',
  isActive: true,
  groups: [],
  createdAt: new Date(0),
  updatedAt: new Date(0),
}
const shown = toUserResource(row, 'https://chat.example/scim/v2')
const { id: _id, groups: _groups, createdAt: _created, updatedAt: _updated, ...kept } = row

test('what is shown reads back as it was', () => {
  expect(parseUser(shown, shown)).toEqual(kept)
})

test('the version tells states apart and nothing else', () => {
  const version = (changed: object) =>
    (toUserResource({ ...row, ...changed }, 'https://x')['meta'] as { version: string }).version
  expect(version({})).toBe(version({}))
  expect(version({})).toMatch(/^W\/"[\w-]{22}"$/)
  expect(version({ isActive: false })).not.toBe(version({}))
})

describe('names', () => {
  const name = (changes: object) => parseUser({ ...shown, ...changes }, shown).name

  test('the shown name is the one that was changed', () => {
    expect(name({ displayName: 'A. Lee' })).toBe('A. Lee')
    expect(name({ name: { formatted: 'Lee, Ann', givenName: 'Ann', familyName: 'Lee' } })).toBe('Lee, Ann')
    expect(name({ name: { formatted: 'Ann Lee', givenName: 'Ann', familyName: 'Ng' } })).toBe('Ann Ng')
  })

  test('a name of its own stays when a part changes', () => {
    const own = toUserResource({ ...row, name: 'Annie' }, 'https://x')
    const changed = { ...own, name: { formatted: 'Annie', givenName: 'Ann', familyName: 'Ng' } }
    expect(parseUser(changed, own).name).toBe('Annie')
  })
})

test('flags in the spellings of directories; what is missing stays', () => {
  expect(parseUser({ ...shown, active: 'False' }, shown).isActive).toBe(false)
  expect(parseUser({ ...shown, active: 'true' }, shown).isActive).toBe(true)
  const off = toUserResource({ ...row, isActive: false }, 'https://x')
  const { active: _active, ...rest } = off
  expect(parseUser(rest, off).isActive).toBe(false)
  expect(() => parseUser({ ...shown, active: 'perhaps' }, shown)).toThrow()
})

test('the primary address counts, else the first, else a userName that is one', () => {
  const emails = [{ value: 'one@example.com' }, { value: 'Two@Example.com', primary: 'True' }]
  expect(parseUser({ userName: 'ann', emails }, null).email).toBe('two@example.com')
  expect(parseUser({ userName: 'ann', emails: emails.slice(0, 1) }, null).email).toBe('one@example.com')
  expect(parseUser({ userName: 'Ann@Example.com' }, null)).toMatchObject({
    email: 'ann@example.com',
    name: 'ann@example.com',
  })
  expect(() => parseUser({ userName: 'ann' }, null)).toThrow()
  expect(() => parseUser({ emails }, null)).toThrow()
})
