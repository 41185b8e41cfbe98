import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProcessStart, isProcessAlive } from './process-start.ts'

/** Who uses a data folder. */
export interface LockHolder {
  pid: number
  /** See `findProcessStart`. */
  processStart: string | null
  hostname: string
  /** Where the server listens on loopback; null: not yet, or it is no server. */
  port: number | null
  /** Opens the server's door for the command line; the file is readable by its owner alone. */
  token: string
}

export function toLockPath(dataDir: string): string {
  return join(dataDir, 'llmchat.lock')
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false
  const { pid, processStart, hostname, port, token } = value as Record<string, unknown>
  return (
    typeof pid === 'number' &&
    (processStart === null || typeof processStart === 'string') &&
    typeof hostname === 'string' &&
    (port === null || typeof port === 'number') &&
    typeof token === 'string'
  )
}

/** What the lock file says; null when there is none. Throws when it can't be read. */
export function readLockFile(dataDir: string): LockHolder | null {
  const path = toLockPath(dataDir)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isHolder(value)) return value
  } catch {
    // Told below: cut-off JSON and JSON of another kind are the same to the operator.
  }
  throw new Error(`${path} is not readable. If no llmchat process runs on this folder, delete that file.`)
}

/**
 * False only when the holder is certainly gone: its pid is free or was given to another process since. The age of the
 * file says nothing. A holder on another machine can't be looked at.
 */
export function isHolderAlive(holder: LockHolder, hostname: string): boolean {
  if (holder.hostname !== hostname) return true
  if (!isProcessAlive(holder.pid)) return false
  const start = findProcessStart(holder.pid)
  return start === null || holder.processStart === null || start === holder.processStart
}
