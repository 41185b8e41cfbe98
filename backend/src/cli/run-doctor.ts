import type { Logger } from '../base/logger.ts'
import type { Config } from '../config/config.ts'
import { findDataDirHolder } from '../data-dir/lock-data-dir.ts'
import {
  checkDataDir,
  checkDisk,
  checkNode,
  checkPort,
  checkSecretKey,
  hasEmbeddedDatabase,
  hasSecretKey,
} from './check-machine.ts'
import { checkFileStore } from './check-file-store.ts'
import { parseChecks, toOk, toProblem, toReport, type Check } from './check.ts'
import type { CommandResult } from './commands.ts'
import { openCommandPlace } from './open-command-place.ts'

interface DoctorDeps {
  config: Config
  logger: Logger
  nodeVersion: string
}

async function checkDatabase(deps: DoctorDeps): Promise<Check[]> {
  const { config } = deps
  if (config.databaseUrl === null && !hasEmbeddedDatabase(config.dataDir)) {
    return [toOk('database', 'will be made by the first start')]
  }
  // Opening would make one, and "changes nothing" is the promise.
  if (!hasSecretKey(config)) return [toOk('database', 'not looked at without a secret key')]
  try {
    const place = await openCommandPlace(deps, { preparesSchema: false })
    try {
      const result = await place.run(['check'])
      return parseChecks(result.output)
    } finally {
      await place.close()
    }
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error)
    return [toProblem('database', finding, 'See the other findings; the server’s log tells more.')]
  }
}

function findServerPort(dataDir: string): number | null {
  try {
    return findDataDirHolder(dataDir)?.port ?? null
  } catch {
    // An unreadable lock is told by the check of the data folder.
    return null
  }
}

/** Looks at everything, changes nothing. Exit code 1 when something is wrong. */
export async function runDoctor(deps: DoctorDeps): Promise<CommandResult> {
  const { config } = deps
  const checks = [
    checkNode(deps.nodeVersion),
    toOk('settings', `${config.mode} mode`),
    ...checkDataDir(config.dataDir),
    checkSecretKey(config),
    await checkDisk(config.dataDir),
    await checkFileStore(config.uploads.store),
    await checkPort(config, findServerPort(config.dataDir)),
    ...(await checkDatabase(deps)),
  ]
  return { exitCode: checks.every((check) => check.isOk) ? 0 : 1, output: toReport(checks) }
}
