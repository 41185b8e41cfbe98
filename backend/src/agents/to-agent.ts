import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { Selectable } from 'kysely'
import type { DatabaseSchema } from '../db/schema.ts'
import type { ProviderTarget } from '../providers/provider-adapter.ts'
import type { SecretBox } from './secret-box.ts'

export type AgentRow = Selectable<DatabaseSchema['agent_configs']>

/** What people may know of an agent; how it fares comes from elsewhere. */
export type AgentSummary = Omit<Agent, 'health' | 'firstContentMs'>

/** The only way from a row to people: neither endpoint nor key nor prompt. */
export function toAgentSummary(row: AgentRow): AgentSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    provider: row.provider,
    isActive: row.is_active,
    isDefault: row.is_default,
    isDemo: row.origin === 'demo',
    suggestions: row.suggestions,
    takesImages: row.takes_images,
    takesFiles: row.takes_files,
  }
}

/** What happens when an agent is slow, full or away; `providers` know nothing of it. */
export interface AgentResilience {
  /** Asked in this order, before first content, when this one cannot answer. */
  fallbackAgentIds: readonly string[]
  /** Answers at once in one instance; null: no limit. */
  maxConcurrent: number | null
  /** After so long without content a second request races the first; null: never. */
  hedgeAfterMs: number | null
}

export function toResilience(row: AgentRow): AgentResilience {
  return {
    fallbackAgentIds: row.fallback_agent_ids,
    maxConcurrent: row.max_concurrent,
    hedgeAfterMs: row.hedge_after_ms,
  }
}

/** The only way from a row to a provider; holds the open key. */
export function toProviderTarget(row: AgentRow, secretBox: SecretBox): ProviderTarget {
  return {
    provider: row.provider,
    baseUrl: row.base_url,
    apiKey: row.api_key_sealed === null ? null : secretBox.unseal(row.api_key_sealed, row.id),
    model: row.model,
    appId: row.app_id,
    systemPrompt: row.system_prompt,
    temperature: row.temperature,
    maxTokens: row.max_tokens,
    options: row.options,
  }
}
