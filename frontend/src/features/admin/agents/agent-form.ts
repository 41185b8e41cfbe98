import type { AdminAgent, UpdateAgentRequest } from '@llmchat/protocol/api/admin-schema'
import type { AgentImport, ProviderName } from '@llmchat/protocol/api/agent-schema'
import { defaultBaseUrls, hasAppId, hasModel } from './provider-fields.ts'

/** What stands in the fields, as text. */
export interface AgentForm {
  id: string
  name: string
  description: string
  provider: ProviderName
  baseUrl: string
  /** Empty: as it is. */
  apiKey: string
  isKeyRemoved: boolean
  model: string
  appId: string
  systemPrompt: string
  temperature: string
  maxTokens: string
  maxConcurrent: string
  hedgeAfterMs: string
  /** One a line. */
  suggestions: string
  takesImages: boolean
  takesFiles: boolean
  fallbackAgentIds: readonly string[]
  /** JSON. */
  options: string
  isActive: boolean
  isDefault: boolean
}

export type FormProblem = 'required' | 'id' | 'url' | 'number' | 'integer' | 'json' | 'suggestions' | 'key'
export type FormProblems = Partial<Record<keyof AgentForm, FormProblem>>

export const emptyAgentForm: AgentForm = {
  id: '',
  name: '',
  description: '',
  provider: 'openai',
  baseUrl: '',
  apiKey: '',
  isKeyRemoved: false,
  model: '',
  appId: '',
  systemPrompt: '',
  temperature: '',
  maxTokens: '',
  maxConcurrent: '',
  hedgeAfterMs: '',
  suggestions: '',
  takesImages: false,
  takesFiles: false,
  fallbackAgentIds: [],
  options: '{}',
  isActive: true,
  isDefault: false,
}

export function toAgentForm(agent: AdminAgent): AgentForm {
  return {
    ...emptyAgentForm,
    id: agent.id,
    name: agent.name,
    description: agent.description,
    provider: agent.provider,
    baseUrl: agent.baseUrl,
    model: agent.model ?? '',
    appId: agent.appId ?? '',
    systemPrompt: agent.systemPrompt ?? '',
    temperature: toText(agent.temperature),
    maxTokens: toText(agent.maxTokens),
    maxConcurrent: toText(agent.maxConcurrent),
    hedgeAfterMs: toText(agent.hedgeAfterMs),
    suggestions: agent.suggestions.join('\n'),
    takesImages: agent.takesImages,
    takesFiles: agent.takesFiles,
    fallbackAgentIds: agent.fallbackAgentIds,
    options: JSON.stringify(agent.options, null, 2),
    isActive: agent.isActive,
    isDefault: agent.isDefault,
  }
}

function toText(value: number | null): string {
  return value === null ? '' : String(value)
}

const bounds = {
  temperature: [0, 2, 'number'],
  maxTokens: [1, 1_000_000, 'integer'],
  maxConcurrent: [1, 100_000, 'integer'],
  hedgeAfterMs: [100, 120_000, 'integer'],
} as const satisfies Partial<Record<keyof AgentForm, readonly [number, number, FormProblem]>>

type NumberField = keyof typeof bounds
const numberFields = ['temperature', 'maxTokens', 'maxConcurrent', 'hedgeAfterMs'] as const

/** What the server would refuse, field by field. `before` is the stored agent; null for a new one. */
export function findProblems(form: AgentForm, before: AdminAgent | null): FormProblems {
  const problems: FormProblems = {}
  if (before === null && !/^[A-Za-z0-9._-]{1,64}$/.test(form.id.trim())) problems.id = 'id'
  if (form.name.trim() === '') problems.name = 'required'
  if (form.baseUrl.trim() !== '' && !isHttpUrl(form.baseUrl.trim())) problems.baseUrl = 'url'
  if (hasModel(form.provider) && form.model.trim() === '') problems.model = 'required'
  const suggestions = toLines(form.suggestions)
  if (suggestions.length > 6 || suggestions.some((line) => line.length > 300)) problems.suggestions = 'suggestions'
  if (parseOptions(form.options) === null) problems.options = 'json'
  if (before && needsKeyAgain(form, before)) problems.apiKey = 'key'
  return { ...problems, ...findNumberProblems(form) }
}

function findNumberProblems(form: AgentForm): FormProblems {
  const problems: FormProblems = {}
  for (const field of numberFields) {
    const isUsed = field === 'maxConcurrent' || hasModel(form.provider)
    if (isUsed && !isWithin(form[field], field)) problems[field] = bounds[field][2]
  }
  return problems
}

/** The key may not follow to wherever somebody points: with another host or provider it has to be written again. */
export function needsKeyAgain(form: AgentForm, before: AdminAgent): boolean {
  if (!before.hasApiKey || form.apiKey !== '' || form.isKeyRemoved) return false
  const url = form.baseUrl.trim() === '' ? defaultBaseUrls[form.provider] : form.baseUrl.trim()
  return form.provider !== before.provider || toOrigin(url) !== toOrigin(before.baseUrl)
}

function toOrigin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isWithin(text: string, field: NumberField): boolean {
  if (text.trim() === '') return true
  const value = Number(text)
  const [least, most, kind] = bounds[field]
  return value >= least && value <= most && (kind === 'number' || Number.isInteger(value))
}

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function parseOptions(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

/** Every field that the provider has, null where nothing is written. */
function toFields(form: AgentForm) {
  const isModel = hasModel(form.provider)
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    provider: form.provider,
    baseUrl: form.baseUrl.trim(),
    model: isModel ? toTextOrNull(form.model) : null,
    appId: hasAppId(form.provider) ? toTextOrNull(form.appId) : null,
    systemPrompt: isModel ? toTextOrNull(form.systemPrompt) : null,
    temperature: isModel ? toNumberOrNull(form.temperature) : null,
    maxTokens: isModel ? toNumberOrNull(form.maxTokens) : null,
    maxConcurrent: toNumberOrNull(form.maxConcurrent),
    hedgeAfterMs: isModel ? toNumberOrNull(form.hedgeAfterMs) : null,
    suggestions: toLines(form.suggestions),
    takesImages: form.takesImages,
    takesFiles: form.takesFiles,
    fallbackAgentIds: [...form.fallbackAgentIds],
    options: parseOptions(form.options) ?? {},
    isActive: form.isActive,
    isDefault: form.isDefault,
  }
}

function toTextOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

function toNumberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

/** A new agent: what is not written is not sent. Only for a form without problems. */
export function toCreateRequest(form: AgentForm): AgentImport {
  const written = Object.entries(toFields(form)).filter(([, value]) => value !== null && value !== '')
  const fields = Object.fromEntries(written) as Omit<AgentImport, 'id' | 'apiKey'>
  return { ...fields, id: form.id.trim(), ...(form.apiKey === '' ? {} : { apiKey: form.apiKey }) }
}

/** Only what differs from the stored agent, so that what others changed meanwhile stays; null: nothing differs. */
export function toUpdateRequest(form: AgentForm, before: AdminAgent): UpdateAgentRequest | null {
  const stored = toFields(toAgentForm(before))
  const next = toFields(form)
  const names = Object.keys(next) as (keyof typeof next)[]
  const changed = names.filter((name) => JSON.stringify(next[name]) !== JSON.stringify(stored[name]))
  const changes: UpdateAgentRequest = Object.fromEntries(changed.map((name) => [name, next[name]]))
  if (form.apiKey !== '') changes.apiKey = form.apiKey
  else if (form.isKeyRemoved && before.hasApiKey) changes.apiKey = null
  return Object.keys(changes).length === 0 ? null : changes
}
