import { isRecord, toCount, toRecord } from '../lenient-json.ts'
import type { ProviderUsage } from '../provider-part.ts'

/** Null when there are no figures. Groq puts them under `x_groq`. */
export function mapUsage(chunk: Readonly<Record<string, unknown>>): ProviderUsage | null {
  const usage = isRecord(chunk['usage']) ? chunk['usage'] : toRecord(chunk['x_groq'])['usage']
  if (!isRecord(usage)) return null
  const reasoningTokens = toCount(toRecord(usage['completion_tokens_details'])['reasoning_tokens'])
  return {
    inputTokens: toCount(usage['prompt_tokens']),
    outputTokens: toCount(usage['completion_tokens']),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
  }
}
