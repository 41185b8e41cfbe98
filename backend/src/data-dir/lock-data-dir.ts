import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { AppError } from '../base/app-error.ts'
import { isHolderAlive, readLockFile, toLockPath, type LockHolder } from './lock-file.ts'
import { findProcessStart } from './process-start.ts'

/** A data folder that is ours alone. */
export interface DataDirLock {
  /** What the command line must show to the server. */
  token: string
  /** Tells the command line where the server listens. */
  setPort(port: number): void
  release(): void
}

const MAX_ATTEMPTS = 5

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Exclusive by the file system; false when there is a lock already. */
function tryCreate(path: string, holder: LockHolder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Takes a dead holder's file away. Another starter may have done so and locked since: then its file is put back. */
function removeStale(path: string, stale: LockHolder): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  const isSame = readFileSync(aside, 'utf8').includes(stale.token)
  if (!isSame) linkSync(aside, path)
  rmSync(aside)
}

function refuse(holder: LockHolder): never {
  const isElsewhere = holder.hostname !== hostname()
  const place = isElsewhere ? ` on ${holder.hostname}` : ''
  throw new AppError('conflict', {
    message: `The data folder is in use by process ${String(holder.pid)}${place}.${isElsewhere ? ' If that one is gone, delete its llmchat.lock.' : ''}`,
    details: { pid: holder.pid, port: holder.port },
  })
}

/**
 * Takes `dataDir` (made when missing) for this process: two processes on one embedded database destroy it. The lock of
 * a process that is dead is taken over at once. Throws AppError `conflict` when a living one holds it.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = toLockPath(dataDir)
  const holder: LockHolder = {
    pid: process.pid,
    processStart: findProcessStart(process.pid),
    hostname: hostname(),
    port: null,
    token: randomBytes(32).toString('base64url'),
  }
  for (let attempt = 0; !tryCreate(path, holder); attempt += 1) {
    const present = readLockFile(dataDir)
    if (present === null) continue
    if (isHolderAlive(present, hostname()) || attempt === MAX_ATTEMPTS) refuse(present)
    removeStale(path, present)
  }
  return {
    token: holder.token,
    setPort(port) {
      const next = `${path}.next`
      writeFileSync(next, JSON.stringify({ ...holder, port }), { mode: 0o600 })
      renameSync(next, path)
    },
    release() {
      if (readLockFile(dataDir)?.token === holder.token) rmSync(path)
    },
  }
}

/** The living process that holds `dataDir`, or null. Changes nothing. */
export function findDataDirHolder(dataDir: string): LockHolder | null {
  const holder = readLockFile(dataDir)
  return holder !== null && isHolderAlive(holder, hostname()) ? holder : null
}
