import type { CacheOptions, CacheService } from './cache-service.ts'

/**
 * A function that remembers: `toKey` makes the key of the arguments. A plain wrapper rather than a method decorator:
 * our rooms are functions with a `deps` object, and decorators would neither type the key nor run without a compiler
 * that rewrites them.
 */
export function withCache<Arguments extends readonly unknown[], Value>(
  cache: Pick<CacheService, 'getOrSet'>,
  load: (...args: Arguments) => Promise<Value | null>,
  options: CacheOptions & { toKey: (...args: Arguments) => string },
): (...args: Arguments) => Promise<Value | null> {
  return (...args) => cache.getOrSet(options.toKey(...args), () => load(...args), options)
}
