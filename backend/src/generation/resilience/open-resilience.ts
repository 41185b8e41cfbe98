import type { Clock } from '../../base/clock.ts'
import type { CreateId } from '../../base/ids.ts'
import type { Logger } from '../../base/logger.ts'
import type { Config } from '../../config/config.ts'
import type { RedisLink } from '../../redis/redis-link.ts'
import { createMemoryBreakerStore } from './breaker-store.ts'
import { openBulkhead, type Bulkhead } from './open-bulkhead.ts'
import { openCircuitBreaker, type CircuitBreaker } from './open-circuit-breaker.ts'
import { openRedisBreakerStore } from './open-redis-breaker-store.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'

export interface Resilience {
  breaker: CircuitBreaker
  bulkhead: Bulkhead
  budget: RetryBudget
  close(): Promise<void>
}

interface ResilienceDeps {
  config: Config['generation']
  clock: Clock
  createId: CreateId
  logger: Logger
  /** Null: this is the only instance. */
  redis: RedisLink | null
}

const budgetWindowMs = 60_000
const longestOpenFactor = 8
/** A probe settles with its first content or its failure, so it cannot take much longer than the clock of that. */
const probeGraceMs = 5_000

/** What stands between answers and upstreams that fail: one per instance. */
export async function openResilience(deps: ResilienceDeps): Promise<Resilience> {
  const { config, clock, redis } = deps
  const store = redis ? await openRedisBreakerStore({ ...deps, redis }) : createMemoryBreakerStore({ clock })
  const breaker = openCircuitBreaker(
    { ...deps, store },
    {
      failures: config.breakerFailures,
      windowMs: config.breakerWindowMs,
      openMs: config.breakerOpenMs,
      maxOpenMs: config.breakerOpenMs * longestOpenFactor,
      probeLeaseMs: config.firstContentMs + probeGraceMs,
    },
  )
  return {
    breaker,
    bulkhead: openBulkhead({ clock }, { maxWaiting: config.maxWaiting }),
    budget: createRetryBudget(
      { clock },
      { ratio: config.retryPercent / 100, floor: config.retryFloor, windowMs: budgetWindowMs },
    ),
    close: () => breaker.close(),
  }
}
