import type { ProviderTarget } from '../providers/provider-adapter.ts'
import type { TokenEstimate } from '../quotas/quotas.ts'
import { estimateTokens } from './estimate-tokens.ts'

/** What a call will take, before anybody was asked: `texts` are all that is sent beside the agent's own prompt. */
export function estimateCall(
  texts: readonly string[],
  target: Pick<ProviderTarget, 'systemPrompt' | 'maxTokens'>,
): TokenEstimate {
  return { input: estimateTokens([target.systemPrompt ?? '', ...texts].join('\n')), maxOutput: target.maxTokens }
}
