import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PARENT = '/usr/lib/postgresql'

export interface PostgresServer {
  /** Of the superuser `postgres` on the database `postgres`. */
  url: string
  close: () => Promise<void>
}

/** The newest installed PostgreSQL's programs (Debian's layout), or null. */
async function findBinaries(): Promise<string | null> {
  const versions = await readdir(PARENT).catch((): string[] => [])
  const newestFirst = versions.filter((name) => /^\d+$/.test(name)).sort((left, right) => Number(right) - Number(left))
  for (const version of newestFirst) {
    const folder = join(PARENT, version, 'bin')
    const isThere = await access(join(folder, 'postgres')).then(
      () => true,
      () => false,
    )
    if (isThere) return folder
  }
  return null
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const isRoot = process.getuid?.() === 0

/** PostgreSQL refuses to run as root; and it must not outlive a test run that is killed. */
function asServerUser(program: string, args: string[]): [string, string[]] {
  const user = isRoot ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  return ['setpriv', [...user, '--pdeathsig=SIGKILL', program, ...args]]
}

async function waitUntilReady(server: ChildProcess): Promise<void> {
  const lines: string[] = []
  for await (const chunk of server.stderr ?? []) {
    lines.push(String(chunk))
    if (lines.join('').includes('ready to accept connections')) return
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join('')}`)
}

async function start(binaries: string, dataDir: string): Promise<PostgresServer> {
  const port = await findFreePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
    shared_buffers: '64MB',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command, commandArgs] = asServerUser(join(binaries, 'postgres'), ['-D', dataDir, '-p', String(port), ...args])
  const server = spawn(command, commandArgs, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(server, 'exit')
  await waitUntilReady(server)
  server.stderr.resume()
  return {
    url: `postgresql://postgres@127.0.0.1:${String(port)}/postgres`,
    async close() {
      server.kill('SIGINT')
      await exited
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A PostgreSQL of its own in a temporary folder, without durability; null when none is installed. */
export async function openPostgresServer(): Promise<PostgresServer | null> {
  const binaries = await findBinaries()
  if (binaries === null) return null
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-postgres-'))
  if (isRoot) {
    const [userId, groupId] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout),
    )
    await chown(dataDir, Number(userId), Number(groupId))
  }
  const initArgs = ['-D', dataDir, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8']
  await run(...asServerUser(join(binaries, 'initdb'), initArgs))
  return start(binaries, dataDir)
}
