import type { CacheCounts } from './cache-service.ts'

export interface CountKeeper {
  /** The counts of a key's space. */
  of(key: string): CacheCounts
  all(): ReadonlyMap<string, Readonly<CacheCounts>>
}

export function createCacheCounts(): CountKeeper {
  const spaces = new Map<string, CacheCounts>()
  return {
    of(key) {
      const [space = key] = key.split(':', 1)
      let counts = spaces.get(space)
      if (counts === undefined) {
        counts = { localHits: 0, remoteHits: 0, misses: 0, stale: 0, joined: 0, errors: 0 }
        spaces.set(space, counts)
      }
      return counts
    },
    all: () => spaces,
  }
}
