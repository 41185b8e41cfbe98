import type { CacheService } from '../cache/cache-service.ts'

/** Longer than any answer takes. What is remembered never changes. */
const rememberedMs = 30 * 60_000

/** Which chat session a generation answers in, known to all instances without the database. */
export interface SessionMemory {
  remember(place: { userId: string; generationId: string; sessionId: string }): void
  recall(userId: string, generationId: string): Promise<string | null>
}

export function createSessionMemory(cache: Pick<CacheService, 'get' | 'set'>): SessionMemory {
  const toKey = (userId: string, generationId: string): string => `generation-session:${userId}/${generationId}`
  return {
    remember({ userId, generationId, sessionId }) {
      void cache.set(toKey(userId, generationId), sessionId, { freshMs: rememberedMs })
    },
    async recall(userId, generationId) {
      return (await cache.get<string>(toKey(userId, generationId))) ?? null
    },
  }
}
