import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { Registry } from 'prom-client'
import { createAgentRepository } from '../../backend/src/agents/agent-repository.ts'
import { createSecretBox } from '../../backend/src/agents/secret-box.ts'
import { AppError } from '../../backend/src/base/app-error.ts'
import { systemClock, type Clock } from '../../backend/src/base/clock.ts'
import { openMemoryCache } from '../../backend/src/cache/open-cache.ts'
import { createUuidV7 } from '../../backend/src/base/ids.ts'
import type { Database } from '../../backend/src/db/database.ts'
import { createRequestCounter } from '../../backend/src/http/limits/create-request-counter.ts'
import { openHttpServer, type HttpServerDeps } from '../../backend/src/http/open-http-server.ts'
import { listInstances, setDraining } from '../../backend/src/instances/instance-repository.ts'
import { createScim } from '../../backend/src/open-directory.ts'
import { openAdministration } from '../../backend/src/open-administration.ts'
import { createUploads } from '../../backend/src/uploads/create-uploads.ts'
import { createFolderFileStore } from '../../backend/src/uploads/folder-file-store.ts'
import { createUser } from '../../backend/src/users/create-user.ts'
import { createUsersDoor } from '../../backend/src/users/create-users-door.ts'
import { createPasswordHasher } from '../../backend/src/users/password-hasher.ts'
import { createSetUpToken } from '../../backend/src/users/set-up-token.ts'
import { createHttpClient, type HttpClient } from './create-http-client.ts'
import { openTestPglite } from './open-test-database.ts'
import { silentLogger } from './silent-logger.ts'

export type TestAppOptions = Partial<
  Omit<
    HttpServerDeps,
    'database' | 'cache' | 'config' | 'users' | 'scim' | 'agents' | 'instances' | 'administration' | 'requireAgent'
  >
> & {
  config?: Partial<HttpServerDeps['config']>
  /** What logins, links and codes go by. Default: the real time. */
  peopleClock?: Clock
  /** Hears the name of every database statement. */
  onStatement?: (name: string) => void
}

export interface SignedIn {
  client: HttpClient
  userId: string
  email: string
}

export interface TestApp {
  url: string
  database: Database
  /** Everybody's. */
  password: string
  /** Of the link with which the first admin is made. */
  setUpToken: string
  /** A visitor nobody knows yet. */
  createClient(): HttpClient
  /** A new person, signed in. Default: a member. */
  signIn(role?: UserRole): Promise<SignedIn>
  close(): Promise<void>
}

const password = 'correct horse battery staple'
const loginSession = { idleMs: 3_600_000, absoluteMs: 86_400_000 }

const defaults = {
  logger: silentLogger,
  clock: systemClock,
  createId: createUuidV7,
  serverSecret: Buffer.alloc(32, 7),
  pagesDir: '/nonexistent',
  version: '0.0.0',
  instanceId: () => 'test',
  forwardFeedback: () => undefined,
  oidc: null,
  ldap: null,
  cli: { token: null, runCommand: () => Promise.resolve({ exitCode: 0, output: '' }) },
  opsToken: null,
  countRequest: createRequestCounter({ clock: systemClock, link: null }),
  drain: { isDraining: () => false, isRefusing: () => false },
  listAuditPushes: null,
  checkFileStore: () => Promise.resolve(),
  isMigrated: () => true,
  isDegraded: () => false,
  isStarted: () => true,
  extraRoutes: [],
}

const defaultConfig: HttpServerDeps['config'] = {
  publicUrl: null,
  trustedProxies: [],
  rateLimitPerMinute: null,
  loginAttemptsPerMinute: 100,
  bodyLimitBytes: 1_000_000,
  signIn: { breakGlassEmail: null },
}

const uploadLimits = { maxFileBytes: 1_000_000, maxFilesPerMessage: 3, mediaTypes: ['image/png'] }

/** Nothing is upstream here. */
async function* noAnswer(): AsyncGenerator<never[]> {}

/** The real HTTP server on a real socket over an empty embedded database of its own. */
export async function openTestApp({
  onStatement,
  peopleClock = systemClock,
  ...options
}: TestAppOptions = {}): Promise<TestApp> {
  const store = await openTestPglite(onStatement === undefined ? {} : { onStatement })
  const { database } = store
  const uploadFolder = await mkdtemp(join(tmpdir(), 'llmchat-test-uploads-'))
  const setUpToken = createSetUpToken()
  const cache = openMemoryCache({ clock: systemClock })
  const people = {
    database,
    cache,
    clock: peopleClock,
    createId: createUuidV7,
    passwords: createPasswordHasher(),
    setUpToken,
    totpSeal: createSecretBox(Buffer.alloc(32, 8)),
  }
  const secretBox = createSecretBox(Buffer.alloc(32, 9))
  const agents = createAgentRepository({ database, cache, secretBox, logger: silentLogger })
  const { administration, access } = openAdministration(
    { ...people, agents, secretBox, logger: silentLogger, streamAnswer: noAnswer, endSession: () => Promise.resolve() },
    {
      auditRetentionDays: null,
      receivers: [],
      quotas: { timeZone: 'UTC', currency: 'USD', reservedOutputTokens: 1000 },
    },
  )
  const uploads = createUploads(
    { database, store: createFolderFileStore(uploadFolder), createId: createUuidV7, logger: silentLogger },
    {
      store: { kind: 'folder', folder: uploadFolder },
      maxFileBytes: uploadLimits.maxFileBytes,
      maxFiles: uploadLimits.maxFilesPerMessage,
      maxBytesPerUser: 5_000_000,
      maxTextChars: 10_000,
    },
  )
  const app = await openHttpServer({
    ...defaults,
    metricsRegistry: new Registry(),
    uploads,
    uploadLimits,
    ...options,
    cache,
    database,
    agents: {
      listAgents: () => agents.listAgents({ withInactive: true }),
      listVisibleAgents: async (userId) =>
        access.filterVisible(userId, await agents.listAgents({ withInactive: true })),
      findAgentHealth: () => ({ health: 'ok', firstContentMs: 120 }),
    },
    instances: {
      listInstances: () => listInstances({ database }, 'test'),
      setDraining: (id, isDraining) => setDraining({ database }, id, isDraining),
    },
    endSession: () => Promise.resolve(),
    administration,
    requireAgent: async (userId, agentId) => {
      if (!(await access.isVisibleTo(userId, agentId))) throw new AppError('agent_not_found')
      await agents.getActiveTarget(agentId)
    },
    users: createUsersDoor(people, { loginSession }),
    scim: createScim({ ...people, clock: systemClock, forgetAgentAccess: administration.forgetAgentAccess }),
    config: { ...defaultConfig, ...options.config },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    database,
    password,
    setUpToken: setUpToken.token,
    createClient: () => createHttpClient(url),
    async signIn(role = 'member') {
      const email = `${createUuidV7()}@example.com`
      const user = await createUser(people, { email, password, role })
      const client = createHttpClient(url)
      const reply = await client.request('/api/auth/login', { body: { email, password } })
      if (reply.status !== 200) throw new Error(`signing in answered ${reply.text}`)
      return { client, userId: user.id, email }
    },
    async close() {
      await app.close()
      await store.close()
      await rm(uploadFolder, { recursive: true, force: true })
    },
  }
}
