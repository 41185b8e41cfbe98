import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pauseProcessTree, resumeProcessTree } from './process-tree.ts'
import { findFreePort } from './start-server.ts'

const run = promisify(execFile)
const PARENT = '/usr/lib/postgresql'

export interface PostgresServer {
  /** Of the superuser `postgres` on the database `postgres`. */
  url: string
  port: number
  /** Of the postmaster; its workers lie below it. */
  pid(): number
  /** SIGQUIT: a crash, recovered from at the next start. SIGINT: a restart as an administrator does it. */
  kill(signal: 'SIGQUIT' | 'SIGINT'): Promise<void>
  /** At the same address, with the same data. */
  start(): Promise<void>
  /** SIGSTOP to the postmaster and every worker: connections stay, nothing answers. */
  pause(): void
  resume(): void
  /** A streaming standby of this server. */
  openStandby(): Promise<PostgresServer>
  close(): Promise<void>
}

export interface PostgresOptions {
  /**
   * Default false: fast, and what a test run leaves behind is thrown away. True: PostgreSQL's own defaults, for what a
   * crash of the server may take with it is then part of the question.
   */
  isDurable?: boolean
  sharedBuffers?: string
  /** Any other setting of PostgreSQL. */
  settings?: Readonly<Record<string, string>>
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
    if (/ready to accept (read-only )?connections/.test(lines.join(''))) return
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join('')}`)
}

const withoutDurability = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

function toServerArgs(dataDir: string, port: number, options: PostgresOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: options.sharedBuffers ?? '64MB',
    ...(options.isDurable === true ? {} : withoutDurability),
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', dataDir, '-p', String(port), ...args]
}

async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-postgres-'))
  if (isRoot) {
    const [userId, groupId] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, 'postgres'])).stdout),
    )
    await chown(dataDir, Number(userId), Number(groupId))
  }
  return dataDir
}

async function serve(binaries: string, dataDir: string, options: PostgresOptions): Promise<PostgresServer> {
  const port = await findFreePort()
  const command = asServerUser(join(binaries, 'postgres'), toServerArgs(dataDir, port, options))
  let server: ChildProcess

  async function start(): Promise<void> {
    server = spawn(...command, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    await waitUntilReady(server)
    server.stderr?.resume()
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill(signal)
    await once(server, 'exit')
  }

  await start()
  return {
    url: `postgresql://postgres@127.0.0.1:${String(port)}/postgres`,
    port,
    pid: () => server.pid ?? 0,
    kill,
    start,
    pause: () => pauseProcessTree(server.pid ?? 0),
    resume: () => resumeProcessTree(server.pid ?? 0),
    async openStandby() {
      const copyDir = await makeDataDir()
      // -R writes what makes it a standby; without -c fast it would wait for the next regular checkpoint.
      const url = `postgresql://postgres@127.0.0.1:${String(port)}/postgres`
      const words = ['-D', copyDir, '-R', '-c', 'fast', '-X', 'stream', '-d', url]
      await run(...asServerUser(join(binaries, 'pg_basebackup'), words))
      return serve(binaries, copyDir, options)
    },
    async close() {
      resumeProcessTree(server.pid ?? 0)
      await kill('SIGINT')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A PostgreSQL of its own in a temporary folder; null when none is installed. */
export async function openPostgresServer(options: PostgresOptions = {}): Promise<PostgresServer | null> {
  const binaries = await findBinaries()
  if (binaries === null) return null
  const dataDir = await makeDataDir()
  const initArgs = ['-D', dataDir, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8']
  await run(...asServerUser(join(binaries, 'initdb'), initArgs))
  return serve(binaries, dataDir, options)
}
