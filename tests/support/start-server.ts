import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServerProcess, type ServerProcess } from './server-process.ts'

export const adminEmail = 'admin@example.com'
export const adminPassword = 'a long test password'

/** The built server as a process of its own, with a data folder of its own. */
export interface TestServer extends ServerProcess {
  /** Of the administrator. */
  readonly apiKey: string
  /** Kills and removes the folder. */
  close(): Promise<void>
}

interface ServerOptions {
  env?: Record<string, string>
  /** Entries of an agents file, imported before the first start. */
  agents?: readonly object[]
  /** Default: a free one. */
  port?: number
}

/** A port that was free a moment ago. */
/** Not given to anybody here before: until it is used, the system may offer it a second time. */
const given = new Set<number>()

export async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  if (given.has(port)) return findFreePort()
  given.add(port)
  return port
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-test-'))
  const server = createServerProcess({
    port: options.port ?? (await findFreePort()),
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      DEMO_AGENTS: '0',
      // A test machine is busy with the tests themselves.
      GENERATION_OVERLOAD_DELAY_MS: '20000',
      ...options.env,
    },
  })
  // Through the running server: every command of its own would open the embedded database once more.
  await server.start()
  const apiKey = await seedServer(server, options.agents ?? [], dataDir)
  return {
    ...server,
    apiKey,
    async close() {
      await server.kill('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Makes the administrator and imports agents by the command line; resolves with an API key of theirs. */
export async function seedServer(server: ServerProcess, agents: readonly object[], folder: string): Promise<string> {
  await server.cli('create-admin', '--email', adminEmail, '--password', adminPassword)
  if (agents.length > 0) {
    const file = join(folder, 'agents-to-import.json')
    await writeFile(file, JSON.stringify({ agents }))
    await server.cli('agents', 'import', file)
  }
  const { stdout } = await server.cli(
    'create-api-key',
    '--email',
    adminEmail,
    '--name',
    'test',
    '--scopes',
    'chat,read,admin',
  )
  return stdout.trim()
}
