import type { ProviderName } from '@llmchat/protocol/api/agent-schema'

/** Of files that are neither pictures nor text: model APIs read PDF alone, applications parse what they are given. */
export function canReadFile(provider: ProviderName, mediaType: string): boolean {
  return provider === 'fastgpt' || provider === 'dify' || mediaType === 'application/pdf'
}
