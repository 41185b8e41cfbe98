import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { findPlaceholders } from '../agents/fill-placeholders.ts'
import { AppError } from '../base/app-error.ts'
import { createLogger } from '../base/logger.ts'
import { appVersion } from '../config/app-version.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Config } from '../config/config.ts'
import { createConfig, type Environment } from '../config/create-config.ts'
import { toWords, type CommandRequest } from './command-request.ts'
import type { CommandResult } from './commands.ts'
import { toCommandHelp, toHelp } from './help.ts'
import { openCommandPlace } from './open-command-place.ts'
import { parseCommandLine, type CommandLine } from './parse-command-line.ts'
import { rotateSecretKey } from './rotate-secret-key.ts'
import { runDoctor } from './run-doctor.ts'

export interface CliDeps {
  environment: Environment
  nodeVersion: string
  writeOut(text: string): void
  writeError(text: string): void
  /** Resolves with the exit code when the server has ended. */
  runServer(config: Config): Promise<number>
}

type Run = Extract<CommandLine, { kind: 'run' }>

/** Only the variables that the file names go along, not the whole environment. */
function toImportRequest(path: string, environment: Environment): CommandRequest {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('invalid_request', { message: `The agents file can't be read: ${reason}` })
  }
  const named = findPlaceholders(text).flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { name: 'import-agents', path: resolve(path), environment: Object.fromEntries(named) }
}

function toRequest(run: Run, environment: Environment): CommandRequest {
  const { options, positionals } = run
  switch (run.command.name) {
    case 'create-admin':
      return {
        name: 'create-admin',
        email: options['email'] ?? '',
        password: options['password'] ?? '',
        displayName: options['name'] ?? '',
      }
    case 'create-api-key':
      return {
        name: 'create-api-key',
        email: options['email'] ?? '',
        keyName: options['name'] ?? '',
        rateLimit: options['rate-limit'] ?? '',
        scopes: options['scopes'] ?? '',
        expiresDays: options['expires-days'] ?? '',
      }
    case 'reset-password':
      return { name: 'reset-password', email: options['email'] ?? '' }
    case 'agents import':
      return toImportRequest(positionals[0] ?? '', environment)
    case 'audit verify':
      return { name: 'verify-audit' }
    default:
      return { name: 'migrate' }
  }
}

async function runOne(deps: CliDeps, run: Run): Promise<CommandResult> {
  const config = createConfig(deps.environment)
  // Standard output belongs to the result alone; what goes wrong comes as an error.
  const logger = createLogger({ level: 'silent', instanceId: 'cli' })
  if (run.command.name === 'serve') {
    return { exitCode: await deps.runServer(config), output: '' }
  }
  if (run.command.name === 'doctor') return runDoctor({ config, logger, nodeVersion: deps.nodeVersion })
  if (run.command.name === 'rotate-secret-key') return rotateSecretKey({ config, logger })
  const request = toRequest(run, deps.environment)
  const place = await openCommandPlace({ config, logger }, { preparesSchema: request.name !== 'migrate' })
  try {
    return await place.run(toWords(request))
  } finally {
    await place.close()
  }
}

async function run(deps: CliDeps, line: CommandLine): Promise<CommandResult> {
  switch (line.kind) {
    case 'help':
      return { exitCode: 0, output: line.command === null ? toHelp() : toCommandHelp(line.command) }
    case 'version':
      return { exitCode: 0, output: `${appVersion}\n` }
    case 'wrong':
      deps.writeError(`${line.problem}.\n\n${line.command === null ? toHelp() : toCommandHelp(line.command)}`)
      return { exitCode: 2, output: '' }
    case 'run':
      return runOne(deps, line)
  }
}

/**
 * The command line program. Results go to standard output, everything else to standard error. Returns the exit code:
 * 0 done, 1 failed, 2 not understood.
 */
export async function runCli(deps: CliDeps, words: readonly string[]): Promise<number> {
  try {
    const { exitCode, output } = await run(deps, parseCommandLine(words))
    if (output !== '') deps.writeOut(output)
    return exitCode
  } catch (error) {
    if (!(error instanceof AppError) && !(error instanceof ConfigError)) throw error
    deps.writeError(`${error.message}\n`)
    return 1
  }
}
