import { AppError } from '../base/app-error.ts'
import type { CacheOptions } from '../cache/cache-service.ts'

/**
 * Who a cookie or an API key belongs to. It stays in the process: who can write to Redis must not be able to sign people
 * in. Asked of the database every 5 s at the latest, so that a switch thrown in the database itself counts soon; while
 * the database is away people stay signed in for 60 s.
 */
export const credentialCaching: CacheOptions = {
  scope: 'process',
  freshMs: 5000,
  outage: {
    maxAgeMs: 60_000,
    patienceMs: 500,
    isOutage: (error) => error instanceof AppError && error.code === 'database_unavailable',
  },
}
