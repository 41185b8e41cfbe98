import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import type { Config } from '../config/config.ts'

export function toSecretKeyPath(dataDir: string): string {
  return join(dataDir, 'secret.key')
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * The secret of this installation: SECRET_KEY, else `<dataDir>/secret.key`, made on the first run and readable by its
 * owner alone. Derive a key per purpose from it (`deriveKey`). Throws AppError `internal` when the file is damaged.
 */
export function getSecretKey(config: Pick<Config, 'secretKey' | 'dataDir'>): string {
  if (config.secretKey !== null) return config.secretKey
  const path = toSecretKeyPath(config.dataDir)
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, `${randomBytes(48).toString('base64')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
  const secret = readFileSync(path, 'utf8').trim()
  // A new one would silently lose every sealed key.
  if (secret.length < 32) {
    throw new AppError('internal', { message: `${path} is damaged. Restore it from a backup, or set SECRET_KEY.` })
  }
  return secret
}
