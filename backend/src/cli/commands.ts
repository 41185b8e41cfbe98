import { readFile } from 'node:fs/promises'
import { importAgents } from '../agents/import-agents.ts'
import type { SecretBox } from '../agents/secret-box.ts'
import type { AuditAction, AuditDetails } from '@llmchat/protocol/api/audit-schema'
import { commandLineOrigin } from '../audit/audit-act.ts'
import { openAuditLog, type AuditLog } from '../audit/open-audit-log.ts'
import { AppError } from '../base/app-error.ts'
import { systemClock, type Clock } from '../base/clock.ts'
import { createUuidV7, type CreateId } from '../base/ids.ts'
import type { Logger } from '../base/logger.ts'
import { appVersion } from '../config/app-version.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { allMigrations } from '../db/migrations/all-migrations.ts'
import { createApiKeys } from '../users/api-keys.ts'
import { createUser } from '../users/create-user.ts'
import { createPasswordHasher, type PasswordHasher } from '../users/password-hasher.ts'
import { createResetLink } from '../users/password-links.ts'
import { toLinkUrl } from '../users/to-link-url.ts'
import { findUserByEmail } from '../users/user-repository.ts'
import { checkStores } from './check-stores.ts'
import { toNewApiKey } from './to-new-api-key.ts'
import { findRequest, type CommandRequest } from './command-request.ts'

interface CommandRunnerDeps {
  config: Pick<
    Config,
    'outboundAllowedHosts' | 'providerKeys' | 'databasePoolMax' | 'databaseReplica' | 'publicUrl' | 'host' | 'port'
  >
  database: Database
  /** Through which running instances hear what was changed here. */
  cache: CacheService
  logger: Logger
  secretBox: SecretBox
}

interface CommandDeps extends CommandRunnerDeps {
  passwords: PasswordHasher
  clock: Clock
  createId: CreateId
  audit: AuditLog
}

/** `output` is for standard output, with its line end. */
export interface CommandResult {
  exitCode: number
  output: string
}

async function readAgentsFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('invalid_request', { message: `The agents file can't be read: ${reason}` })
  }
}

async function migrate(deps: CommandDeps): Promise<string> {
  const applied = await migrateDatabase(deps.database, allMigrations, { logger: deps.logger, appVersion })
  return applied.length === 0 ? 'The schema is up to date.\n' : `Applied: ${applied.join(', ')}\n`
}

function record(
  deps: CommandDeps,
  action: AuditAction,
  target: { kind: string; id: string } | null,
  details: AuditDetails,
): Promise<void> {
  return deps.audit.record({ ...commandLineOrigin, action, target, errorCode: null, details })
}

async function verifyAudit(deps: CommandDeps): Promise<CommandResult> {
  const { rows, problems } = await deps.audit.verify()
  if (problems.length === 0)
    return { exitCode: 0, output: `${String(rows)} entries: nothing was changed or removed.\n` }
  return { exitCode: 1, output: `${problems.join('\n')}\n` }
}

async function createAdmin(deps: CommandDeps, request: { email: string; password: string; displayName: string }) {
  const { email, password, displayName: name } = request
  const user = await createUser(deps, { email, password, name, role: 'admin' })
  await record(deps, 'user.created', { kind: 'user', id: user.id }, { role: 'admin' })
  return `Made the administrator ${user.email}.\n`
}

async function createApiKey(
  deps: CommandDeps,
  request: Extract<CommandRequest, { name: 'create-api-key' }>,
): Promise<string> {
  const key = toNewApiKey(request, deps.clock.nowMs())
  const user = await findUserByEmail(deps, request.email)
  if (user === null) throw new AppError('not_found', { message: `There is no user ${request.email}.` })
  const { apiKey, secret } = await createApiKeys(deps).createApiKey(user.id, key)
  const details = { userId: user.id, scopes: apiKey.scopes }
  await record(deps, 'api-key.created', { kind: 'api-key', id: apiKey.id }, details)
  return `${secret}\n`
}

/** Without PUBLIC_URL the address people use is anybody's guess but the operator's, who reads this. */
async function resetPassword(deps: CommandDeps, email: string): Promise<string> {
  const user = await findUserByEmail(deps, email)
  if (user === null) throw new AppError('not_found', { message: `There is no user ${email}.` })
  const { token } = await createResetLink(deps, user.id)
  const { publicUrl, host, port } = deps.config
  return `${toLinkUrl(publicUrl ?? `http://${host}:${String(port)}`, 'password-reset', token)}\n`
}

async function importFile(deps: CommandDeps, request: { path: string; environment: Readonly<Record<string, string>> }) {
  const text = await readAgentsFile(request.path)
  const { created, updated } = await importAgents(deps, { text, environment: request.environment })
  await record(deps, 'agents.imported', null, { created, updated })
  const toLine = (word: string, ids: string[]): string => (ids.length === 0 ? '' : `${word}: ${ids.join(', ')}\n`)
  return toLine('Made', created) + toLine('Updated', updated) || 'The file holds no agents.\n'
}

async function runRequest(deps: CommandDeps, request: CommandRequest): Promise<string | CommandResult> {
  switch (request.name) {
    case 'migrate':
      return migrate(deps)
    case 'create-admin':
      return createAdmin(deps, request)
    case 'create-api-key':
      return createApiKey(deps, request)
    case 'reset-password':
      return resetPassword(deps, request.email)
    case 'import-agents':
      return importFile(deps, request)
    case 'verify-audit':
      return verifyAudit(deps)
    case 'check':
      return `${JSON.stringify(await checkStores(deps))}\n`
  }
}

/**
 * Does what the command line asks (words made by `toWords`), in the process that holds the database: the command line
 * itself or the running server. Errors: AppError with a message for the operator.
 */
export function createCommandRunner(deps: CommandRunnerDeps): (words: readonly string[]) => Promise<CommandResult> {
  const tools = { passwords: createPasswordHasher(), clock: systemClock, createId: () => createUuidV7() }
  const audit = openAuditLog({ ...deps, ...tools, seal: deps.secretBox }, { retentionDays: null })
  const commandDeps = { ...deps, ...tools, audit }
  return async (words) => {
    const request = findRequest(words)
    if (request === null) {
      throw new AppError('invalid_request', { message: `This command is not known here (${words[0] ?? ''}).` })
    }
    const result = await runRequest(commandDeps, request)
    return typeof result === 'string' ? { exitCode: 0, output: result } : result
  }
}

export type CommandRunner = typeof createCommandRunner
