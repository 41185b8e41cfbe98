import { isRecord, toCount } from '../lenient-json.ts'
import type { ProviderUsage } from '../provider-part.ts'

/**
 * Figures of `message_delta` are cumulative: they replace those of `message_start`, but may leave the input out. Cached
 * input is counted apart upstream; here all input is one number.
 */
export function mapUsage(usage: unknown, previous: ProviderUsage | null): ProviderUsage | null {
  if (!isRecord(usage)) return previous
  const inputTokens =
    toCount(usage['input_tokens']) +
    toCount(usage['cache_creation_input_tokens']) +
    toCount(usage['cache_read_input_tokens'])
  return {
    inputTokens: inputTokens > 0 ? inputTokens : (previous?.inputTokens ?? 0),
    outputTokens: toCount(usage['output_tokens']) || (previous?.outputTokens ?? 0),
  }
}
