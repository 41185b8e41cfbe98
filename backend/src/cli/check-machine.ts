import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Config } from '../config/config.ts'
import { toSecretKeyPath } from '../data-dir/get-secret-key.ts'
import { findDataDirHolder } from '../data-dir/lock-data-dir.ts'
import { toOk, toProblem, type Check } from './check.ts'

const MIN_NODE = [20, 19] as const
const MIN_FREE_BYTES = 1_000_000_000
const ANSWER_LIMIT_MS = 2000

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isNewEnough = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
  if (isNewEnough) return toOk('Node', version)
  return toProblem('Node', `${version} is too old`, `Install Node ${MIN_NODE.join('.')} or later.`)
}

/** The nearest folder that exists: what is missing will be made below it. */
function findExistingFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : findExistingFolder(dirname(path))
}

/** What exists of this path and may not be written to; null: nothing stands in the way. */
export function findUnwritable(path: string): string | null {
  const folder = findExistingFolder(path)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return statSync(folder).isDirectory() ? null : folder
  } catch {
    return folder
  }
}

export function checkDataDir(dataDir: string): Check[] {
  const name = 'data folder'
  const unwritable = findUnwritable(dataDir)
  if (unwritable !== null) {
    return [
      toProblem(name, `${unwritable} is not writable`, 'Give it to the user the server runs as, or set DATA_DIR.'),
    ]
  }
  if (!existsSync(dataDir)) return [toOk(name, `${dataDir} will be made by the first start`)]
  try {
    const holder = findDataDirHolder(dataDir)
    const lock = holder === null ? 'nobody uses it' : `in use by process ${String(holder.pid)}`
    return [toOk(name, `${dataDir} is writable`), toOk('lock', lock)]
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error)
    return [toProblem('lock', finding, 'Make sure that no llmchat process runs on this folder first.')]
  }
}

/** Whether there is a database that can be looked into without making one. */
export function hasEmbeddedDatabase(dataDir: string): boolean {
  return existsSync(join(dataDir, 'database', 'PG_VERSION'))
}

export function hasSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): boolean {
  return config.secretKey !== null || existsSync(toSecretKeyPath(config.dataDir))
}

export function checkSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): Check {
  const name = 'secret key'
  if (config.secretKey !== null) return toOk(name, 'from SECRET_KEY')
  const path = toSecretKeyPath(config.dataDir)
  if (!hasSecretKey(config)) {
    if (!hasEmbeddedDatabase(config.dataDir)) return toOk(name, 'will be made by the first start')
    const advice = 'Bring it back from a backup. Without it the agents’ keys can’t be opened.'
    return toProblem(name, `${path} is missing although there is a database`, advice)
  }
  const others = statSync(path).mode & 0o077
  if (others === 0 || process.platform === 'win32') return toOk(name, `${path}, readable by its owner alone`)
  return toProblem(name, `${path} can be read by others`, `Run: chmod 600 ${path}`)
}

export async function checkDisk(dataDir: string): Promise<Check> {
  const folder = findExistingFolder(dataDir)
  const disk = await statfs(folder)
  const freeBytes = disk.bavail * disk.bsize
  const text = `${(freeBytes / 1e9).toFixed(1)} GB free at ${folder}`
  if (freeBytes >= MIN_FREE_BYTES) return toOk('disk', text)
  return toProblem('disk', text, 'Free at least 1 GB: a full disk stops the database.')
}

async function findListenError(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port }, () => server.close(() => resolve(null)))
  })
}

async function isOurServer(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  try {
    const url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${String(port)}/api/auth/state`
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null && 'needsSetUp' in body
  } catch {
    return false
  }
}

/** Free, or taken by a server of ours. */
export async function checkPort(config: Pick<Config, 'host' | 'port'>, serverPort: number | null): Promise<Check> {
  const port = serverPort ?? config.port
  const name = `port ${String(port)}`
  const error = serverPort === null ? await findListenError(config.host, port) : 'EADDRINUSE'
  if (error === null) return toOk(name, `free on ${config.host}`)
  if (error === 'EADDRINUSE') {
    if (await isOurServer(config.host, port)) return toOk(name, 'our server answers')
    return toProblem(name, 'taken, and no answer of ours', 'End the program that listens there, or set PORT.')
  }
  return toProblem(name, `can't listen on ${config.host} (${error})`, 'Set HOST to an address of this machine.')
}
