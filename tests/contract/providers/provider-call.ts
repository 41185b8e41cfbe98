import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { ProviderCall, ProviderTarget } from '../../../backend/src/providers/provider-adapter.ts'

type CallChanges = Partial<Omit<ProviderCall, 'target'>> & { target?: Partial<ProviderTarget>; prompt?: string }

/** A call as small as it can be; `prompt` is its only turn. */
export function createCall(provider: ProviderName, changes: CallChanges = {}): ProviderCall {
  const { target, prompt, ...rest } = changes
  return {
    target: {
      provider,
      baseUrl: 'http://127.0.0.1:9',
      apiKey: 'app-key-0123456789',
      model: 'model-1',
      appId: 'app-1',
      systemPrompt: null,
      temperature: null,
      maxTokens: null,
      options: {},
      ...target,
    },
    turns: [{ role: 'user', content: prompt ?? 'Hello' }],
    endUserId: 'user-1',
    upstream: {},
    answerId: 'answer-1',
    continueFrom: null,
    passThrough: {},
    ...rest,
  }
}
