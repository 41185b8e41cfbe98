import { isRecord, type JsonRecord, toCount } from '../lenient-json.ts'
import type { ProviderUsage } from '../provider-part.ts'

/** From the `metadata` of `message_end`; null without figures. */
export function mapUsage(metadata: JsonRecord): ProviderUsage | null {
  const usage = metadata['usage']
  if (!isRecord(usage)) return null
  return { inputTokens: toCount(usage['prompt_tokens']), outputTokens: toCount(usage['completion_tokens']) }
}
