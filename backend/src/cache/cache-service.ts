/** How long a value may be used. All in ms. */
export interface CacheLifetime {
  /** For so long it is served without asking anybody. */
  freshMs: number
  /** For so long after that it is still served at once, while one caller refreshes it in the background. Default 0. */
  staleMs?: number
}

export interface CacheOptions extends CacheLifetime {
  /**
   * `shared`: the value goes to Redis, as JSON, and serves all instances. `process`: it never leaves this process
   * (open keys, who is signed in), but invalidations reach it all the same. What callers get they must not change.
   */
  scope: 'shared' | 'process'
  /** For so long "there is no such thing" (null) is remembered. Default 0: not at all. */
  negativeMs?: number
  /**
   * When loading fails like this, or takes longer than `patienceMs`, a value up to `maxAgeMs` old that nobody has deleted
   * is better than none.
   */
  outage?: { maxAgeMs: number; patienceMs?: number; isOutage: (error: unknown) => boolean }
  /**
   * On a miss only one instance loads, and the others wait so long for what it finds. For loads that cost more than
   * two commands to Redis; `shared` scope only.
   */
  waitForOthersMs?: number
}

/** Held by one owner at a time. Ends by `unlock`, or when its life can't be renewed. */
export interface CacheLock {
  readonly name: string
  /** Of the owner: nobody else can unlock it. */
  readonly token: string
  /** Aborted when the lock is lost, or may be: at the latest its `ttlMs` after the last renewal that was confirmed. */
  readonly signal: AbortSignal
}

/** What happened in one space of keys (the part before the first colon). */
export interface CacheCounts {
  /** Served from this process's memory. */
  localHits: number
  /** Served from Redis. */
  remoteHits: number
  misses: number
  /** Served while being refreshed, or because loading failed. */
  stale: number
  /** Callers that waited for a load that was under way instead of starting their own. */
  joined: number
  /** Commands to Redis that failed, and loads that threw. */
  errors: number
}

/**
 * Remembers values by keys `space:rest`. Never fails for its own sake: while Redis is away values are computed, and kept
 * in this process for 5 s at most. A deleted key is served by nobody any more: here at once, on other instances within a
 * second, and within 5 s on one that is cut off from Redis.
 */
export interface CacheService {
  /** Undefined: not there. Null: remembered as missing. The type is the writer's word. */
  get<Value>(key: string): Promise<Value | null | undefined>
  /** For all instances, over whatever is there. */
  set<Value>(key: string, value: Value, lifetime: CacheLifetime): Promise<void>
  /** Call it after the write that made the values old is committed, and before that write is answered. */
  del(...keys: string[]): Promise<void>
  /**
   * The remembered value or what `load` gives; `load` runs once for all concurrent callers of a key, whose errors are
   * shared too, but not remembered. A load that a `del` overtook is not kept.
   */
  getOrSet<Value>(key: string, load: () => Promise<Value | null>, options: CacheOptions): Promise<Value | null>
  /** Null: somebody holds it, or Redis is away and nobody can tell. Renews itself every third of `ttlMs`. */
  lock(name: string, options: { ttlMs: number }): Promise<CacheLock | null>
  /** False: it was no longer held. */
  unlock(lock: CacheLock): Promise<boolean>
  counts(): ReadonlyMap<string, Readonly<CacheCounts>>
  close(): Promise<void>
}
