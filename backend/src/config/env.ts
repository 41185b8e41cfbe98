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

/** The process's environment over `.env` and `backend/.env` of the working directory. Nothing else reads it. */
export function readEnvironment(): Environment {
  const [first, second] = ENV_FILES.map(readEnvFile)
  return { ...second, ...first, ...process.env }
}
