/**
 * What the command line asks of whoever holds the database: itself, or the running server, to which it goes as a list of
 * words. `environment`: the variables that the file names.
 */
export type CommandRequest =
  | { name: 'migrate' }
  | { name: 'create-admin'; email: string; password: string; displayName: string }
  /** The last three as they were typed; empty: not said. */
  | {
      name: 'create-api-key'
      email: string
      keyName: string
      rateLimit: string
      scopes: string
      expiresDays: string
    }
  | { name: 'import-agents'; path: string; environment: Readonly<Record<string, string>> }
  | { name: 'reset-password'; email: string }
  | { name: 'verify-audit' }
  | { name: 'check' }

/** The request as words, for the way to the server. */
export function toWords(request: CommandRequest): string[] {
  switch (request.name) {
    case 'create-admin':
      return [request.name, request.email, request.password, request.displayName]
    case 'create-api-key':
      return [request.name, request.email, request.keyName, request.rateLimit, request.scopes, request.expiresDays]
    case 'reset-password':
      return [request.name, request.email]
    case 'import-agents':
      return [request.name, request.path, ...Object.entries(request.environment).flat()]
    default:
      return [request.name]
  }
}

function toEnvironment(words: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {}
  for (let index = 0; index + 1 < words.length; index += 2) environment[words[index] ?? ''] = words[index + 1] ?? ''
  return environment
}

/** The other way round; null when it is none. */
export function findRequest(words: readonly string[]): CommandRequest | null {
  const [name, first = '', second = '', third = '', fourth = '', fifth = ''] = words
  switch (name) {
    case 'migrate':
    case 'check':
    case 'verify-audit':
      return { name }
    case 'create-admin':
      return { name, email: first, password: second, displayName: third }
    case 'create-api-key':
      return { name, email: first, keyName: second, rateLimit: third, scopes: fourth, expiresDays: fifth }
    case 'reset-password':
      return { name, email: first }
    case 'import-agents':
      return { name, path: first, environment: toEnvironment(words.slice(2)) }
    default:
      return null
  }
}
