import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { createSecretBox } from '../agents/secret-box.ts'
import { commandLineOrigin } from '../audit/audit-act.ts'
import { openAuditLog } from '../audit/open-audit-log.ts'
import { AppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import { createUuidV7 } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config/config.ts'
import { deriveKey } from '../data-dir/derive-key.ts'
import { getSecretKey, toSecretKeyPath } from '../data-dir/get-secret-key.ts'
import { lockDataDir } from '../data-dir/lock-data-dir.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import type { CommandResult } from './commands.ts'
import { opensAll, resealAll } from './reseal-all.ts'

interface RotateDeps {
  config: Config
  logger: Logger
}

/** An instance that runs on would seal with the former secret. The embedded one holds the lock of the data folder. */
async function refuseWhileRunning(database: Database): Promise<void> {
  const rows = await database.query<{ id: string }>(
    {
      name: 'instances-beating',
      text: `SELECT id FROM instances WHERE dead_at IS NULL AND heartbeat_at > now() - interval '10 seconds'`,
    },
    [],
  )
  if (rows.length === 0) return
  throw new AppError('conflict', {
    message: `${String(rows.length)} instance(s) run. Stop them all first; they would go on with the former secret.`,
  })
}

/** All or nothing: what is sealed, and the word of it in the audit log. */
async function reseal(deps: RotateDeps, database: Database, secrets: { from: string; to: string }): Promise<number> {
  const seal = createSecretBox(deriveKey(secrets.to, 'agent-keys'))
  const audit = openAuditLog(
    { database, clock: systemClock, createId: () => createUuidV7(), logger: deps.logger, seal },
    { retentionDays: null },
  )
  return database.transaction(async (trx) => {
    const count = await resealAll(trx, secrets.from, secrets.to)
    const act = { action: 'secret-key.rotated', target: null, errorCode: null, details: { count } } as const
    await audit.recordIn(trx, { ...commandLineOrigin, ...act })
    return count
  })
}

function writeSecret(path: string, secret: string): void {
  const file = openSync(path, 'w', 0o600)
  writeSync(file, `${secret}\n`)
  fsyncSync(file)
  closeSync(file)
}

/** The new secret is on disk before anything is sealed with it; a crash in between is healed by the next call. */
async function rotateFile(deps: RotateDeps, database: Database): Promise<string> {
  const path = toSecretKeyPath(deps.config.dataDir)
  const nextPath = `${path}.next`
  const from = getSecretKey(deps.config)
  if (existsSync(nextPath)) {
    const left = readFileSync(nextPath, 'utf8').trim()
    if (await database.transaction((trx) => opensAll(trx, left))) {
      renameSync(nextPath, path)
      return `Finished a rotation that had been cut off: ${path} is the new secret.\n`
    }
  }
  const to = deps.config.newSecretKey ?? randomBytes(48).toString('base64')
  writeSecret(nextPath, to)
  const count = await reseal(deps, database, { from, to })
  renameSync(nextPath, path)
  return `Sealed ${String(count)} secret(s) anew; ${path} is the new secret. Back it up.\n`
}

async function rotate(deps: RotateDeps, database: Database): Promise<string> {
  await refuseWhileRunning(database)
  const { secretKey, newSecretKey } = deps.config
  if (secretKey === null) return rotateFile(deps, database)
  if (newSecretKey === null || newSecretKey === secretKey) {
    throw new AppError('invalid_request', { message: 'Set NEW_SECRET_KEY to the secret that SECRET_KEY shall become.' })
  }
  const count = await reseal(deps, database, { from: secretKey, to: newSecretKey })
  return `Sealed ${String(count)} secret(s) anew. Now start every instance with SECRET_KEY set to the new secret.\n`
}

/**
 * Exchanges the installation's secret. Always done here, never through a running server. CSRF tokens and the names by which
 * upstreams know people follow the secret: pages are told to reload, upstreams see new people.
 */
export async function rotateSecretKey(deps: RotateDeps): Promise<CommandResult> {
  const { config, logger } = deps
  const lock = config.databaseUrl === null ? lockDataDir(config.dataDir) : null
  try {
    const database = await openDatabase({ ...config, databasePoolMax: 2 }, { logger })
    try {
      return { exitCode: 0, output: await rotate(deps, database) }
    } finally {
      await database.close()
    }
  } finally {
    lock?.release()
  }
}
