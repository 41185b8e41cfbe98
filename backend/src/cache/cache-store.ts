/** A value with its times. */
export interface StoredValue {
  value: unknown
  ageMs: number
  freshMs: number
  totalMs: number
}

/** What is found under a key. `token` names this very state of it: `write` succeeds only if it is still the same. */
export interface Seen {
  token: string
  stored: StoredValue | null
}

/** What all instances share, behind the local layer. Every method may reject; the local layer lives with it. */
export interface CacheStore {
  /** False: don't ask now. */
  isUp(): boolean
  read(key: string): Promise<Seen>
  /** `token: null` overwrites whatever is there. False: somebody was there in between. */
  write(key: string, token: string | null, value: Omit<StoredValue, 'ageMs'>): Promise<boolean>
  /** Leaves a mark that keeps loads under way from being written, and tells every instance. */
  del(keys: readonly string[]): Promise<void>
  takeLock(name: string, token: string, ttlMs: number): Promise<boolean>
  renewLock(name: string, token: string, ttlMs: number): Promise<boolean>
  releaseLock(name: string, token: string): Promise<boolean>
  /** All deletions until this moment (monotonic ms) have been heard here. */
  heardUntilMs(): number
  /** For so long after it a value may be served without a word from the others. */
  readonly unheardMs: number
  /** Null: some were missed, everything local is in doubt. */
  onDeleted(listener: (keys: readonly string[] | null) => void): void
  close(): Promise<void>
}

/** For so long a deleted key is marked; a load that takes longer than half of it is not stored. */
export const DELETED_MARK_MS = 60_000
