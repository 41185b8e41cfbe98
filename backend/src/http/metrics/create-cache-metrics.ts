import { Counter, type Registry } from 'prom-client'
import type { CacheService } from '../../cache/cache-service.ts'

const outcomes = {
  local: 'localHits',
  remote: 'remoteHits',
  miss: 'misses',
  stale: 'stale',
  joined: 'joined',
  error: 'errors',
} as const

/** Hits, misses and errors per space of keys. They are counted in the cache and only read here. */
export function createCacheMetrics(registry: Registry, cache: Pick<CacheService, 'counts'>): void {
  new Counter({
    name: 'llmchat_cache_requests_total',
    help: 'What the cache answered: local, remote, miss, stale, joined (waited for a load under way), error.',
    labelNames: ['space', 'outcome'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [space, counts] of cache.counts()) {
        for (const [outcome, field] of Object.entries(outcomes)) this.inc({ space, outcome }, counts[field])
      }
    },
  })
}
