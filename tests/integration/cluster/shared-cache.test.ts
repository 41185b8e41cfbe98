import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createAgentRepository } from '../../../backend/src/agents/agent-repository.ts'
import { createSecretBox } from '../../../backend/src/agents/secret-box.ts'
import { AppError } from '../../../backend/src/base/app-error.ts'
import { systemClock, type Clock } from '../../../backend/src/base/clock.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { openRedisCache } from '../../../backend/src/cache/open-cache.ts'
import { openCommandPlace } from '../../../backend/src/cli/open-command-place.ts'
import { createConfig } from '../../../backend/src/config/create-config.ts'
import { deriveKey } from '../../../backend/src/data-dir/derive-key.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { openRedisLink } from '../../../backend/src/redis/open-redis-link.ts'
import type { RedisLink } from '../../../backend/src/redis/redis-link.ts'
import { createUser } from '../../../backend/src/users/create-user.ts'
import { createUsersDoor, type UsersDoor } from '../../../backend/src/users/create-users-door.ts'
import { createPasswordHasher } from '../../../backend/src/users/password-hasher.ts'
import { createSetUpToken } from '../../../backend/src/users/set-up-token.ts'
import { openTestPostgres, type TestPostgres } from '../../support/open-postgres.ts'
import { openRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const SECRET_KEY = '0123456789'.repeat(4)
const loginSession = { idleMs: 3_600_000, absoluteMs: 86_400_000 }
const PLANTED = 'sk-planted-key'

interface Instance {
  link: RedisLink
  database: Database
  users: UsersDoor
  agents: ReturnType<typeof createAgentRepository>
  /** Moves its own time on. */
  pass(ms: number): void
  close(): Promise<void>
}

let postgres: TestPostgres
let redis: RedisServer
let folder: string
let instances: Instance[]
const passwords = createPasswordHasher()

async function openInstance(): Promise<Instance> {
  let passedMs = 0
  const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + passedMs }
  const options = { databaseUrl: postgres.url, databasePoolMax: 3, dataDir: '' }
  const database = await openDatabase(options, { logger: silentLogger })
  const link = openRedisLink({ url: redis.url }, { clock: systemClock, logger: silentLogger })
  await vi.waitUntil(() => link.isUp(), { timeout: 20_000 })
  const cache = openRedisCache({ link, clock })
  const people = { database, cache, clock, createId: createUuidV7, passwords, setUpToken: createSetUpToken() }
  const secretBox = createSecretBox(deriveKey(SECRET_KEY, 'agent-keys'))
  return {
    link,
    database,
    users: createUsersDoor({ ...people, totpSeal: secretBox }, { loginSession }),
    agents: createAgentRepository({ database, cache, secretBox, logger: silentLogger }),
    pass: (ms) => void (passedMs += ms),
    async close() {
      await cache.close()
      await link.close()
      await database.close()
    },
  }
}

/** By the command line in a way of its own to the database, as an operator would. */
async function importAgent(isActive: boolean): Promise<void> {
  const file = join(folder, 'agents.json')
  const agent = {
    id: 'a',
    name: 'A',
    provider: 'openai',
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKey: PLANTED,
    model: 'm',
  }
  await writeFile(file, JSON.stringify({ agents: [{ ...agent, isActive }] }))
  const config = createConfig({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    SECRET_KEY,
    ALLOW_INSECURE_HTTP: '1',
  })
  const place = await openCommandPlace({ config, logger: silentLogger }, { preparesSchema: false })
  await place.run(['import-agents', file])
  await place.close()
}

function toCode(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )
}

beforeAll(async () => {
  const opened = await openTestPostgres()
  if (opened === null) throw new Error('this test needs PostgreSQL')
  postgres = opened
  redis = await openRedisServer()
  folder = await mkdtemp(join(tmpdir(), 'llmchat-cluster-'))
  instances = await Promise.all([openInstance(), openInstance(), openInstance()])
})
afterAll(async () => {
  for (const instance of instances) await instance.close()
  await redis.close()
  await postgres.close()
  await rm(folder, { recursive: true, force: true })
})
afterEach(async () => {
  for (const { link } of instances) await vi.waitUntil(() => link.isUp(), { timeout: 20_000 })
})

test('an agent switched off from the command line refuses on every instance within a second', async () => {
  await importAgent(true)
  for (const { agents } of instances) {
    await expect.poll(() => toCode(agents.getActiveTarget('a'))).toBe('ok')
    expect((await agents.listAgents()).map((agent) => agent.id)).toEqual(['a'])
  }
  await importAgent(false)
  const endMs = performance.now()
  for (const { agents } of instances) {
    await expect.poll(() => toCode(agents.getActiveTarget('a')), { interval: 10 }).toBe('agent_inactive')
    await expect.poll(() => agents.listAgents(), { interval: 10 }).toEqual([])
  }
  expect(performance.now() - endMs).toBeLessThan(1000)
})

test('no key of an agent is ever in Redis', async () => {
  await importAgent(true)
  for (const { agents } of instances) {
    await expect.poll(() => toCode(agents.getActiveTarget('a'))).toBe('ok')
    await agents.listAgents()
  }
  const commands = instances[0]?.link.commands
  const names = (await commands?.keys('*')) ?? []
  expect(names.some((name) => name.includes('agent-list'))).toBe(true)
  const values = await Promise.all(names.map(async (name) => (await commands?.get(name)) ?? ''))
  expect(values.join('\n')).not.toContain(PLANTED)
})

test('a revoked login and a revoked key stop working everywhere within a second', async () => {
  const [first] = instances
  if (first === undefined) throw new Error('no instance')
  const person = { email: 'ann@example.com', password: 'correct horse battery', role: 'member' as const }
  const ann = await createUser({ database: first.database, passwords, createId: createUuidV7 }, person)
  const sessions = [await first.users.openLoginSession(ann.id), await first.users.openLoginSession(ann.id)]
  const { apiKey, secret } = await first.users.createApiKey(ann.id, { name: 'CI' })
  const find = ({ users }: Instance) =>
    Promise.all([...sessions.map(({ token }) => users.findLoginSession(token)), users.findApiKey(secret)])
  for (const each of instances) expect(await find(each)).not.toContain(null)
  await first.users.endLoginSession(sessions[0]?.token ?? '')
  await first.users.revokeApiKey(ann.id, apiKey.id)
  // The one that did it, at once.
  expect(await find(first)).toMatchObject([null, { user: ann }, null])
  const endMs = performance.now()
  for (const each of instances) await expect.poll(() => find(each), { interval: 10 }).toMatchObject([null, {}, null])
  await first.users.endLoginSessionsOf(ann.id)
  for (const each of instances) await expect.poll(() => find(each), { interval: 10 }).toEqual([null, null, null])
  expect(performance.now() - endMs).toBeLessThan(1000)
})

test('while Redis is away an agent switched off refuses within 5 s', async () => {
  await importAgent(true)
  for (const { agents } of instances) await expect.poll(() => toCode(agents.getActiveTarget('a'))).toBe('ok')
  await redis.kill()
  for (const { link } of instances) await expect.poll(() => link.isUp(), { timeout: 5000 }).toBe(false)
  for (const { agents } of instances) await agents.getActiveTarget('a')
  await instances[0]?.database.kysely.updateTable('agent_configs').set({ is_active: false }).execute()
  for (const instance of instances) {
    instance.pass(5000)
    expect(await toCode(instance.agents.getActiveTarget('a'))).toBe('agent_inactive')
  }
  await redis.start()
})
