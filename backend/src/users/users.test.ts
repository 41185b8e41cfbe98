import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestPglite } from '../../../tests/support/open-test-database.ts'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import { openMemoryCache } from '../cache/open-cache.ts'
import { createUuidV7 } from '../base/ids.ts'
import type { Database } from '../db/database.ts'
import { createApiKeys } from './api-keys.ts'
import { checkPassword } from './check-password.ts'
import { createFirstAdmin, createUser, ensureAdmin } from './create-user.ts'
import { createLoginSessions } from './login-sessions.ts'
import { createPasswordHasher } from './password-hasher.ts'
import { createSetUpToken } from './set-up-token.ts'
import { createUsersDoor } from './create-users-door.ts'

const opened = await openTestPglite()
afterAll(() => opened.close())

/** The real database, with a switch that takes it away. */
function createOutage(database: Database) {
  const state = { isAway: false, statements: 0 }
  const kysely = new Proxy(database.kysely, {
    get(target, key) {
      state.statements += 1
      if (state.isAway) throw new AppError('database_unavailable')
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { state, database: { ...database, kysely } }
}

const START_MS = Date.UTC(2026, 0, 1)
let nowMs = START_MS
const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => () => undefined }
const passwords = createPasswordHasher()
const { database, state } = createOutage(opened.database)
const deps = { database, clock, passwords, createId: () => createUuidV7(), cache: openMemoryCache({ clock }) }
const PASSWORD = 'correct horse battery'

const authenticate = async (credentials: { email: string; password: string }) =>
  (await checkPassword(deps, credentials)).user
const DAY_MS = 86_400_000

beforeEach(async () => {
  nowMs = START_MS
  state.isAway = false
  await opened.database.kysely.deleteFrom('users').execute()
})

function createAnn() {
  return createUser(deps, { email: ' Ann@Example.com', password: PASSWORD, name: 'Ann', role: 'member' })
}

describe('people', () => {
  test('are made with a lower-case address and found by password in any case', async () => {
    const ann = await createAnn()
    expect(ann).toEqual({ id: ann.id, email: 'ann@example.com', name: 'Ann', role: 'member' })
    expect(await authenticate({ email: 'ANN@example.com ', password: PASSWORD })).toEqual(ann)
  })

  test('are nobody with a wrong password, an unknown address, or when switched off', async () => {
    const ann = await createAnn()
    expect(await authenticate({ email: ann.email, password: `${PASSWORD}!` })).toBeNull()
    expect(await authenticate({ email: 'bo@example.com', password: PASSWORD })).toBeNull()
    expect(await authenticate({ email: 'x@y.z', password: 'nobody has this password' })).toBeNull()
    await opened.database.kysely.updateTable('users').set({ is_active: false }).where('id', '=', ann.id).execute()
    expect(await authenticate({ email: ann.email, password: PASSWORD })).toBeNull()
  })

  test('are stored with a slow hash', async () => {
    await createAnn()
    const row = await opened.database.kysely.selectFrom('users').select('password_hash').executeTakeFirstOrThrow()
    expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
  })

  test('need an address, a password of 12 characters, and nobody else with the address', async () => {
    await createAnn()
    const again = createUser(deps, { email: 'ANN@example.com', password: PASSWORD, role: 'admin' })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    const short = createUser(deps, { email: 'bo@example.com', password: 'elf Zeichen', role: 'member' })
    await expect(short).rejects.toMatchObject({ code: 'password_refused' })
    const nowhere = createUser(deps, { email: 'bo', password: PASSWORD, role: 'member' })
    await expect(nowhere).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('of two that want to be the first admin one wins', async () => {
    const tries = [1, 2].map((n) => createFirstAdmin(deps, { email: `a${String(n)}@b.c`, password: PASSWORD }))
    const settled = await Promise.allSettled(tries)
    expect(settled.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(settled.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'set_up_closed' } })
  })

  test('of the environment are made once and then left alone', async () => {
    expect(await ensureAdmin(deps, { email: 'Root@b.c', password: PASSWORD })).toEqual({ isCreated: true })
    expect(await ensureAdmin(deps, { email: 'root@b.c', password: 'another password' })).toEqual({ isCreated: false })
    expect(await authenticate({ email: 'root@b.c', password: PASSWORD })).toMatchObject({ role: 'admin' })
  })
})

describe('set-up', () => {
  test('opens only with the token and only while there is nobody', async () => {
    const setUpToken = createSetUpToken()
    const door = createUsersDoor(
      { ...deps, setUpToken, totpSeal: { seal: String, unseal: String } },
      { loginSession: { idleMs: 1, absoluteMs: 1 } },
    )
    const request = { token: setUpToken.token, email: 'root@b.c', password: PASSWORD, name: 'Root' }
    expect(await door.hasAdmin()).toBe(false)
    await expect(door.setUpAdmin({ ...request, token: 'guess' })).rejects.toMatchObject({
      code: 'set_up_token_invalid',
    })
    expect(await door.setUpAdmin(request)).toMatchObject({ email: 'root@b.c', role: 'admin' })
    expect(await door.hasAdmin()).toBe(true)
    await expect(door.setUpAdmin(request)).rejects.toMatchObject({ code: 'set_up_closed' })
    expect(await door.checkPassword('root@b.c', 'wrong')).toEqual({ user: null, source: 'local' })
  })
})

describe('login sessions', () => {
  const options = { idleMs: 7 * DAY_MS, absoluteMs: 30 * DAY_MS }
  const createSessions = () => createLoginSessions({ ...deps, cache: openMemoryCache({ clock }) }, options)

  test('are found by their token, of which only a hash is stored', async () => {
    const ann = await createAnn()
    const sessions = createLoginSessions(deps, options)
    const session = await sessions.openLoginSession(ann.id)
    expect(await sessions.findLoginSession(session.token)).toMatchObject({ id: session.id, user: ann })
    expect(await sessions.findLoginSession(`${session.token}x`)).toBeNull()
    const stored = await opened.database.kysely.selectFrom('login_sessions').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(stored)).not.toContain(session.token)
    expect(session.expiresAt).toEqual(new Date(START_MS + 30 * DAY_MS))
  })

  test('end when unused, when too old, and when somebody is switched off', async () => {
    const ann = await createAnn()
    const { token } = await createSessions().openLoginSession(ann.id)
    const find = () => createSessions().findLoginSession(token)
    for (const day of [6, 12, 18, 24, 29]) {
      nowMs = START_MS + day * DAY_MS
      expect(await find()).not.toBeNull()
    }
    nowMs = START_MS + 30 * DAY_MS
    expect(await find()).toBeNull()
    expect(await createSessions().deleteExpired()).toBe(1)

    const second = await createSessions().openLoginSession(ann.id)
    nowMs += 7 * DAY_MS
    expect(await createSessions().findLoginSession(second.token)).toBeNull()

    const third = await createSessions().openLoginSession(ann.id)
    await opened.database.kysely.updateTable('users').set({ is_active: false }).where('id', '=', ann.id).execute()
    expect(await createSessions().findLoginSession(third.token)).toBeNull()
  })

  test('live a minute without the database, and no longer', async () => {
    const sessions = createLoginSessions(deps, options)
    const { token } = await sessions.openLoginSession((await createAnn()).id)
    expect(await sessions.findLoginSession(token)).not.toBeNull()
    const before = state.statements
    nowMs += 4900
    expect(await sessions.findLoginSession(token)).not.toBeNull()
    expect(state.statements).toBe(before)
    state.isAway = true
    nowMs += 55_000
    expect(await sessions.findLoginSession(token)).not.toBeNull()
    nowMs += 1000
    await expect(sessions.findLoginSession(token)).rejects.toMatchObject({ code: 'database_unavailable' })
  })

  test('end at once by signing out', async () => {
    const ann = await createAnn()
    const sessions = createLoginSessions(deps, options)
    const [first, second] = [await sessions.openLoginSession(ann.id), await sessions.openLoginSession(ann.id)]
    for (const { token } of [first, second]) expect(await sessions.findLoginSession(token)).not.toBeNull()
    await sessions.endLoginSession(first.token)
    expect(await sessions.findLoginSession(first.token)).toBeNull()
    expect(await sessions.findLoginSession(second.token)).not.toBeNull()
    await sessions.endLoginSessionsOf(ann.id)
    expect(await sessions.findLoginSession(second.token)).toBeNull()
  })
})

describe('API keys', () => {
  test('are shown once, listed without the secret, and stop working when revoked', async () => {
    const ann = await createAnn()
    const keys = createApiKeys(deps)
    const { apiKey, secret } = await keys.createApiKey(ann.id, { name: 'CI' })
    expect(secret).toMatch(/^lc_[0-9A-Za-z]{43}$/)
    expect(secret.startsWith(apiKey.prefix)).toBe(true)
    expect(await keys.findApiKey(secret)).toMatchObject({ id: apiKey.id, user: ann, rateLimitPerMinute: null })
    const [listed] = await keys.listApiKeys(ann.id)
    expect(listed).toEqual({ ...apiKey, lastUsedAt: new Date(START_MS).toISOString() })
    const stored = await opened.database.kysely.selectFrom('api_keys').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(stored)).not.toContain(secret)

    await expect(keys.revokeApiKey('somebody else', apiKey.id)).rejects.toMatchObject({ code: 'api_key_not_found' })
    expect(await keys.findApiKey(secret)).toMatchObject({ id: apiKey.id, user: ann, rateLimitPerMinute: null })
    await keys.revokeApiKey(ann.id, apiKey.id)
    expect(await keys.findApiKey(secret)).toBeNull()
    expect(await keys.listApiKeys(ann.id)).toEqual([])
    await expect(keys.revokeApiKey(ann.id, apiKey.id)).rejects.toMatchObject({ code: 'api_key_not_found' })
  })

  test('note their last use at most once a minute', async () => {
    const ann = await createAnn()
    const keys = createApiKeys(deps)
    const { secret } = await keys.createApiKey(ann.id, { name: 'CI' })
    const lastUsed = async () => (await keys.listApiKeys(ann.id))[0]?.lastUsedAt
    await keys.findApiKey(secret)
    nowMs += 59_000
    await keys.findApiKey(secret)
    expect(await lastUsed()).toBe(new Date(START_MS).toISOString())
    nowMs += 16_000
    await keys.findApiKey(secret)
    expect(await lastUsed()).toBe(new Date(nowMs).toISOString())
  })
})
