import type { SessionFile } from '../chat/list-session-files.ts'
import type { ProviderTarget } from '../providers/provider-adapter.ts'
import type { TokenEstimate } from '../quotas/quotas.ts'
import { estimateTokens } from './estimate-tokens.ts'

/** Of one picture of usual size; providers count by its measures, each in another way. */
const tokensPerImage = 1_000
const bytesPerToken = 4

/** What a call will take, before anybody was asked: `texts` and `files` are all that is sent beside the agent's own prompt. */
export function estimateCall(
  texts: readonly string[],
  files: readonly Pick<SessionFile, 'kind' | 'sizeBytes'>[],
  target: Pick<ProviderTarget, 'systemPrompt' | 'maxTokens'>,
): TokenEstimate {
  const ofFiles = files.map(({ kind, sizeBytes }) =>
    kind === 'text' ? Math.ceil(sizeBytes / bytesPerToken) : tokensPerImage,
  )
  const ofTexts = estimateTokens([target.systemPrompt ?? '', ...texts].join('\n'))
  return { input: ofFiles.reduce((sum, tokens) => sum + tokens, ofTexts), maxOutput: target.maxTokens }
}
