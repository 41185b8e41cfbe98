import type { ProviderName } from '@llmchat/protocol/api/agent-schema'

export const providerNames: readonly ProviderName[] = ['openai', 'openai-responses', 'anthropic', 'fastgpt', 'dify']

export const providerLabels: Readonly<Record<ProviderName, string>> = {
  openai: 'OpenAI',
  'openai-responses': 'OpenAI Responses',
  anthropic: 'Anthropic',
  fastgpt: 'FastGPT',
  dify: 'Dify',
}

/** Where a provider is asked when no address is written, as the server has it. */
export const defaultBaseUrls: Readonly<Record<ProviderName, string>> = {
  openai: 'https://api.openai.com/v1',
  'openai-responses': 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  fastgpt: 'https://api.fastgpt.in/api',
  dify: 'https://api.dify.ai/v1',
}

/** Names of `options` that the provider's adapter reads. */
export const optionNames: Readonly<Record<ProviderName, readonly string[]>> = {
  openai: ['maxTokensField', 'streamUsage', 'apiVersion', 'extraBody', 'canContinue'],
  'openai-responses': ['isBackground', 'extraBody'],
  anthropic: ['apiVersion', 'beta', 'extraBody', 'canContinue'],
  fastgpt: ['apiVersion', 'detail', 'variables'],
  dify: ['inputs', 'workflowId'],
}

/** FastGPT and Dify keep model, prompt and conversation themselves, so that a second request would be a second turn. */
const statefulProviders: readonly ProviderName[] = ['fastgpt', 'dify']

/** Model, system prompt, temperature, limit of tokens, and a second request when the first is slow. */
export function hasModel(provider: ProviderName): boolean {
  return !statefulProviders.includes(provider)
}

export function hasAppId(provider: ProviderName): boolean {
  return provider === 'fastgpt'
}
