import { AgentImportSchema, type AgentImport, type ProviderName } from '@llmchat/protocol/api/agent-schema'
import { Ajv, type ErrorObject } from 'ajv'
import { AppError } from '../base/app-error.ts'
import { toBaseUrl } from '../providers/normalise-base-url.ts'
import { fillPlaceholders } from './fill-placeholders.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** An entry as it is stored: its base URL is normalised. */
export type ParsedAgent = AgentImport & { baseUrl: string }

/** As AgentImportFileSchema has it; here each entry is checked on its own, so that problems can name it. */
const MAX_AGENTS = 1000

/** A second request at once would be a second turn in their conversation. */
const statefulProviders: ReadonlySet<ProviderName> = new Set(['fastgpt', 'dify'])

function toFieldName(pointer: string): string {
  return pointer.split('/').slice(1).join('.')
}

function toParameter(error: ErrorObject, name: string): string {
  const parameters: Readonly<Record<string, unknown>> = error.params
  return String(parameters[name])
}

function toChoices(errors: ErrorObject[], pointer: string): string {
  return errors
    .filter((error) => error.keyword === 'const' && error.instancePath === pointer)
    .map((error) => toParameter(error, 'allowedValue'))
    .join(', ')
}

/** The validator's findings in words; what only repeats another finding is left out. */
function toSentences(errors: ErrorObject[]): string[] {
  return errors.flatMap((error) => {
    const field = toFieldName(error.instancePath)
    switch (error.keyword) {
      case 'const':
        return []
      case 'additionalProperties':
        return [`${toParameter(error, 'additionalProperty')} is not a known field`]
      case 'anyOf':
        return [`${field} must be one of ${toChoices(errors, error.instancePath)}`]
      case 'required':
        return [`${toParameter(error, 'missingProperty')} is missing`]
      default:
        return [`${field === '' ? 'it' : field} ${error.message ?? 'is not valid'}`]
    }
  })
}

function toLabel(entry: unknown, index: number): string {
  const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : null
  return `agents[${String(index)}]${typeof id === 'string' ? ` "${id}"` : ''}`
}

function findBaseUrl(provider: ProviderName, url: string): { baseUrl: string } | { problem: string } {
  try {
    return { baseUrl: toBaseUrl(provider, url) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { problem: `baseUrl: ${error.message}` }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    throw new AppError('invalid_request', { message: `The agents file is not valid JSON: ${reason}` })
  }
}

function findEntries(file: unknown): unknown[] {
  const isObject = typeof file === 'object' && file !== null
  const entries = isObject && 'agents' in file && Object.keys(file).length === 1 ? file.agents : null
  if (Array.isArray(entries) && entries.length <= MAX_AGENTS) return entries
  throw new AppError('invalid_request', {
    message: `The agents file must be {"agents": [ … ]} with at most ${String(MAX_AGENTS)} entries.`,
  })
}

function findRepeats(agents: readonly ParsedAgent[]): string[] {
  const ids = agents.map((agent) => agent.id)
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index)
  const defaults = agents.filter((agent) => agent.isDefault === true).map((agent) => agent.id)
  return [
    ...[...new Set(repeated)].map((id) => `the id "${id}" is used more than once`),
    ...(defaults.length > 1 ? [`only one agent can be the default, not ${defaults.join(' and ')}`] : []),
  ]
}

/** What only the fields of one entry together can show. */
export function findContradictions(agent: AgentImport): string[] {
  const fallbacks = agent.fallbackAgentIds ?? []
  return [
    ...(fallbacks.includes(agent.id) ? ['an agent cannot be its own fall-back'] : []),
    ...(new Set(fallbacks).size < fallbacks.length ? ['fallbackAgentIds names an agent twice'] : []),
    ...(agent.hedgeAfterMs !== undefined && statefulProviders.has(agent.provider)
      ? [`hedgeAfterMs is not possible on ${agent.provider}: it keeps the conversation itself`]
      : []),
  ]
}

/** All problems of a file in one error. */
export function createAgentsFileError(problems: readonly string[]): AppError {
  const message = `The agents file has ${String(problems.length)} problem(s):\n- ${problems.join('\n- ')}`
  return new AppError('invalid_request', { message, details: { problems } })
}

/**
 * Reads the text of an agents file. Throws AppError `invalid_request` with all problems of all entries in the message
 * and, as a list of sentences, in `details.problems`.
 */
export function parseAgentsFile(text: string, environment: Environment): ParsedAgent[] {
  const isAgent = new Ajv({ allErrors: true, strict: false }).compile<AgentImport>(AgentImportSchema)
  const problems: string[] = []
  const agents: ParsedAgent[] = []
  findEntries(parseJson(text)).forEach((rawEntry, index) => {
    const missing = new Set<string>()
    const entry = fillPlaceholders(rawEntry, environment, missing)
    const found = [...missing].map((name) => `the environment variable ${name} is not set`)
    if (isAgent(entry)) {
      const base = findBaseUrl(entry.provider, entry.baseUrl ?? '')
      found.push(...findContradictions(entry))
      if ('baseUrl' in base) agents.push({ ...entry, baseUrl: base.baseUrl })
      else found.push(base.problem)
    } else {
      found.push(...toSentences(isAgent.errors ?? []))
    }
    problems.push(...found.map((problem) => `${toLabel(rawEntry, index)}: ${problem}`))
  })
  problems.push(...findRepeats(agents))
  if (problems.length === 0) return agents
  throw createAgentsFileError(problems)
}
