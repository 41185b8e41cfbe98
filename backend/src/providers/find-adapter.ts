import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { anthropicAdapter } from './anthropic/adapter.ts'
import { difyAdapter } from './dify/adapter.ts'
import { fastgptAdapter } from './fastgpt/adapter.ts'
import { openaiResponsesAdapter } from './openai-responses/adapter.ts'
import { openaiAdapter } from './openai/adapter.ts'
import type { ProviderAdapter } from './provider-adapter.ts'

const adapters: Readonly<Record<ProviderName, ProviderAdapter>> = {
  openai: openaiAdapter,
  'openai-responses': openaiResponsesAdapter,
  anthropic: anthropicAdapter,
  fastgpt: fastgptAdapter,
  dify: difyAdapter,
}

/** Every provider has one. */
export function getAdapter(provider: ProviderName): ProviderAdapter {
  return adapters[provider]
}
