import { toDemoTokens } from './demo-text.ts'
import { createTokenSource, type SimulatedTextRequest } from '../simulated-text.ts'

interface CachedTokens {
  tokens: string[]
  next: (() => string) | null
}

export interface TokenCache {
  /** At least the tokens asked for, when the corpus has that many; shared with other callers, so read only. */
  list(request: SimulatedTextRequest): readonly string[]
  clear(): void
}

/** Remembers token lists by seed, so that a thousand equal streams compute their text once. */
export function createTokenCache(maxEntries: number): TokenCache {
  const entries = new Map<string, CachedTokens>()

  function toEntry(request: SimulatedTextRequest): CachedTokens {
    const corpus = request.corpus ?? 'words'
    if (corpus === 'demo')
      return {
        tokens: toDemoTokens(request.prompt ?? '', request.seed),
        next: null,
      }
    return { tokens: [], next: createTokenSource(request.seed, corpus) }
  }

  return {
    list(request) {
      const key = `${request.corpus ?? 'words'}/${String(request.seed)}/${request.corpus === 'demo' ? (request.prompt ?? '') : ''}`
      const entry = entries.get(key) ?? toEntry(request)
      entries.delete(key)
      entries.set(key, entry)
      if (entries.size > maxEntries) {
        const oldest = entries.keys().next()
        if (!oldest.done) entries.delete(oldest.value)
      }
      while (entry.next !== null && entry.tokens.length < request.tokens) entry.tokens.push(entry.next())
      return entry.tokens
    },
    clear() {
      entries.clear()
    },
  }
}
