import { type JsonRecord, toCount } from '../lenient-json.ts'
import type { ProviderUsage } from '../provider-part.ts'

/** The sum over node responses. Old builds count input and output together in `tokens`. Null without figures. */
export function mapUsage(responses: readonly JsonRecord[]): ProviderUsage | null {
  let inputTokens = 0
  let outputTokens = 0
  for (const response of responses) {
    const input = toCount(response['inputTokens'])
    const output = toCount(response['outputTokens'])
    inputTokens += input
    outputTokens += input + output > 0 ? output : toCount(response['tokens'])
  }
  return inputTokens + outputTokens > 0 ? { inputTokens, outputTokens } : null
}
