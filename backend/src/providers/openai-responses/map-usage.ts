import { isRecord, type JsonRecord, toCount, toRecord } from '../lenient-json.ts'
import type { ProviderUsage } from '../provider-part.ts'

/** From the `response` object; null without figures. */
export function mapUsage(response: JsonRecord): ProviderUsage | null {
  const usage = response['usage']
  if (!isRecord(usage)) return null
  const reasoningTokens = toCount(toRecord(usage['output_tokens_details'])['reasoning_tokens'])
  return {
    inputTokens: toCount(usage['input_tokens']),
    outputTokens: toCount(usage['output_tokens']),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
  }
}
