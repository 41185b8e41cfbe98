import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { openApp, type App } from '../../../backend/src/app.ts'
import { openMemoryCache } from '../../../backend/src/cache/open-cache.ts'
import { createCommandRunner } from '../../../backend/src/cli/commands.ts'
import { createConfig } from '../../../backend/src/config/create-config.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { createApiKeys } from '../../../backend/src/users/api-keys.ts'
import { createUser } from '../../../backend/src/users/create-user.ts'
import { createPasswordHasher } from '../../../backend/src/users/password-hasher.ts'
import type { ApiKeyScope, UserRole } from '../../../packages/protocol/src/api/user-schema.ts'
import { createHttpClient, type HttpClient } from '../../support/create-http-client.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'
import { silentLogger } from '../../support/silent-logger.ts'

export const password = 'correct horse battery staple'
export const secretKey = 'a secret of at least thirty-two characters'

export interface AccessPerson {
  client: HttpClient
  userId: string
  email: string
}

/** The whole program over a PostgreSQL of its own, and what a test needs to put people and things there. */
export interface AccessApp {
  app: App
  databaseUrl: string
  database: Database
  signIn(role: UserRole, name?: string): Promise<AccessPerson>
  /** A browser of this person. */
  signInAgain(email: string): Promise<HttpClient>
  createKey(userId: string, scopes: ApiKeyScope[]): Promise<{ id: string; secret: string }>
  close(): Promise<void>
}

/** Null only where no PostgreSQL is installed (see openTestPostgres). */
export async function openAccessApp(env: Record<string, string> = {}): Promise<AccessApp | null> {
  const postgres = await openTestPostgres()
  if (postgres === null) return null
  const uploadFolder = await mkdtemp(join(tmpdir(), 'llmchat-access-uploads-'))
  const config = createConfig({
    DATABASE_URL: postgres.url,
    DATABASE_POOL_MAX: '5',
    UPLOAD_FOLDER: uploadFolder,
    SECRET_KEY: secretKey,
    ALLOW_INSECURE_HTTP: '1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    DEMO_AGENTS: '0',
    DRAIN_MS: '1',
    LOGIN_ATTEMPTS_PER_MINUTE: '1000',
    RATE_LIMIT_PER_MINUTE: '0',
    ...env,
  })
  const app = await openApp({ config, lock: null, createCommandRunner })
  const options = { databaseUrl: postgres.url, databasePoolMax: 3, dataDir: '' }
  const database = await openDatabase(options, { logger: silentLogger })
  const people = { database, createId: createUuidV7, passwords: createPasswordHasher() }
  const keys = createApiKeys({ ...people, clock: systemClock, cache: openMemoryCache({ clock: systemClock }) })

  async function signInAgain(email: string): Promise<HttpClient> {
    const client = createHttpClient(app.url)
    const reply = await client.request('/api/auth/login', { body: { email, password } })
    if (reply.status !== 200) throw new Error(`signing in answered ${reply.text}`)
    return client
  }

  return {
    app,
    databaseUrl: postgres.url,
    database,
    signInAgain,
    async signIn(role, name = role) {
      const email = `${createUuidV7()}@example.com`
      const user = await createUser(people, { email, password, role, name })
      return { client: await signInAgain(email), userId: user.id, email }
    },
    async createKey(userId, scopes) {
      const { apiKey, secret } = await keys.createApiKey(userId, { name: 'test', scopes })
      return { id: apiKey.id, secret }
    },
    async close() {
      await app.close()
      await database.close()
      await postgres.close()
      await rm(uploadFolder, { recursive: true, force: true })
    },
  }
}
