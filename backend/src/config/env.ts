import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Environment } from './create-config.ts'

/** The first that sets a variable wins; the process's own environment goes before both. */
const ENV_FILES = ['.env', 'backend/.env']

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

/** Secrets that may lie in a file of their own, named by `<variable>_FILE`. */
const FILE_SECRETS = ['OIDC_CLIENT_SECRET', 'LDAP_BIND_PASSWORD']

/** What stands in the environment itself goes before. A file that is named and cannot be read ends the start. */
function readSecretFiles(environment: Environment): Environment {
  const found: Record<string, string> = {}
  for (const variable of FILE_SECRETS) {
    const path = environment[`${variable}_FILE`]?.trim() ?? ''
    if (path !== '' && (environment[variable] ?? '') === '') found[variable] = readFileSync(path, 'utf8').trim()
  }
  return found
}

/** The process's environment over `.env` and `backend/.env` of the working directory. Nothing else reads it. */
export function readEnvironment(): Environment {
  const [first, second] = ENV_FILES.map(readEnvFile)
  const environment = { ...second, ...first, ...process.env }
  return { ...environment, ...readSecretFiles(environment) }
}
