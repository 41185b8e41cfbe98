import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestPglite } from '../../../../tests/support/open-test-database.ts'
import { systemClock } from '../../base/clock.ts'
import { createUuidV7 } from '../../base/ids.ts'
import { openMemoryCache } from '../../cache/open-cache.ts'
import type { DirectoryRules } from '../../config/directory-config.ts'
import type { DirectoryAct } from './directory-act.ts'
import type { DirectoryPerson } from './directory-person.ts'
import { signInFromDirectory, type DirectorySignIn } from './sign-in-from-directory.ts'

const opened = await openTestPglite()
const { database } = opened
afterAll(() => opened.close())

const deps = { database, clock: systemClock, createId: createUuidV7, cache: openMemoryCache({ clock: systemClock }) }
const rules: DirectoryRules = {
  roleMapping: null,
  groupMapping: null,
  isGroupCreated: false,
  isAutoCreate: true,
  isLinkByEmail: false,
}
const ann: DirectoryPerson = {
  source: 'oidc',
  issuer: 'https://sso.example',
  subject: 'ann',
  email: 'Ann@Example.com',
  isEmailVerified: true,
  name: 'Ann',
  externalId: null,
  role: null,
  groups: null,
}
let acts: DirectoryAct[] = []

function enter(person: Partial<DirectoryPerson>, changed: Partial<DirectoryRules> = {}): Promise<DirectorySignIn> {
  acts = []
  return signInFromDirectory(deps, { ...ann, ...person }, { ...rules, ...changed }, async (_trx, done) => {
    acts.push(...done)
  })
}

async function putLocal(id: string, email: string): Promise<void> {
  await database.kysely
    .insertInto('users')
    .values({ id, email, name: id, password_hash: 'x', role: 'member' })
    .execute()
}

beforeEach(async () => {
  await database.kysely.deleteFrom('groups').execute()
  await database.kysely.deleteFrom('users').execute()
})

test('two tabs of somebody new make one account', async () => {
  const both = await Promise.all([enter({}), enter({})])
  expect(new Set(both.map(({ user }) => user.id)).size).toBe(1)
  expect(both[0].user).toMatchObject({ email: 'ann@example.com', name: 'Ann', role: 'member' })
})

test('without permission to make accounts, or without an address, there is none', async () => {
  await expect(enter({}, { isAutoCreate: false })).rejects.toMatchObject({ code: 'account_unknown' })
  await expect(enter({ email: null })).rejects.toMatchObject({ code: 'account_unknown' })
  await expect(enter({ email: 'no address' })).rejects.toMatchObject({ code: 'account_unknown' })
})

describe('an account of the same address', () => {
  test('is joined only when that is allowed and the directory vouches for the address', async () => {
    await putLocal('local', 'ann@example.com')
    await expect(enter({})).rejects.toMatchObject({ code: 'account_exists' })
    const unverified = enter({ isEmailVerified: false }, { isLinkByEmail: true })
    await expect(unverified).rejects.toMatchObject({ code: 'account_exists' })
    const { user } = await enter({}, { isLinkByEmail: true })
    expect(user.id).toBe('local')
    expect(acts.map((act) => act.action)).toEqual(['identity.linked'])
    // From now on by identity, whatever the address and the rule.
    expect((await enter({ email: 'other@example.com' })).user).toMatchObject({ id: 'local', email: 'ann@example.com' })
  })

  test('is not handed on to somebody new of the same directory who was given the address', async () => {
    await enter({})
    const next = enter({ subject: 'ann-2' }, { isLinkByEmail: true })
    await expect(next).rejects.toMatchObject({ code: 'account_exists' })
  })
})

test('SCIM’s id joins without any address', async () => {
  await putLocal('known', 'a.smith@example.com')
  const row = { user_id: 'known', user_name: 'ann', user_name_key: 'ann', external_id: 'o-1' }
  await database.kysely.insertInto('scim_users').values(row).execute()
  const { user } = await enter({ externalId: 'o-1', isEmailVerified: false }, { isAutoCreate: false })
  expect(user.id).toBe('known')
})

test('a switched-off account stays out, and stays as it was', async () => {
  const { user } = await enter({ role: 'member' })
  await database.kysely.updateTable('users').set({ is_active: false }).where('id', '=', user.id).execute()
  await expect(enter({ role: 'admin' })).rejects.toMatchObject({ code: 'account_deactivated' })
  const row = await database.kysely.selectFrom('users').select('role').where('id', '=', user.id).executeTakeFirst()
  expect(row?.role).toBe('member')
})

test('an address that somebody else has is not taken over', async () => {
  await putLocal('other', 'taken@example.com')
  await enter({})
  expect((await enter({ email: 'taken@example.com' })).user.email).toBe('ann@example.com')
  expect((await enter({ email: 'new@example.com', isEmailVerified: false })).user.email).toBe('ann@example.com')
  expect((await enter({ email: 'new@example.com' })).user.email).toBe('new@example.com')
})

test('groups: known ones only, unless they may be made; null leaves all as it is', async () => {
  await database.kysely.insertInto('groups').values({ id: 'legal', name: 'Legal' }).execute()
  const { user } = await enter({ groups: ['Legal', 'Sales'] })
  const list = async () =>
    (await database.kysely.selectFrom('group_members').select('group_id').where('user_id', '=', user.id).execute())
      .length
  expect(await list()).toBe(1)
  await enter({ groups: null })
  expect(await list()).toBe(1)
  await enter({ groups: ['Legal', 'Sales'] }, { isGroupCreated: true })
  expect(acts.map((act) => act.action)).toEqual(['group.created', 'group.member-added'])
  await enter({ groups: ['Legal', 'Sales'] }, { isGroupCreated: true })
  expect(acts).toEqual([])
  await enter({ groups: [] })
  expect(await list()).toBe(0)
})
