import type { Clock } from '../base/clock.ts'
import type { CacheOptions } from './cache-service.ts'
import { DELETED_MARK_MS, type CacheStore, type Seen, type StoredValue } from './cache-store.ts'
import type { CountKeeper } from './create-cache-counts.ts'
import type { LocalLayer } from './local-layer.ts'
import type { LockKeeper } from './lock-keeper.ts'

interface FlightDeps {
  store: CacheStore
  clock: Clock
  local: LocalLayer
  locks: LockKeeper
  counts: CountKeeper
  /** Whether the store answers, and may be believed about this key. */
  canAsk(key: string): boolean
}

interface Flight {
  promise: Promise<unknown>
  /** A deletion came after it had begun: what it finds may be old. */
  isOvertaken: boolean
  isRefresh: boolean
}

export interface Flights {
  /** Joins the load of this key that is under way, or begins one. */
  fly(key: string, load: () => Promise<unknown>, options: CacheOptions): Promise<unknown>
  /** The same in the background, and not content with a value that is stale. */
  refresh(key: string, load: () => Promise<unknown>, options: CacheOptions): void
  /** Nobody joins the flight of this key any more, and what it brings is not kept. */
  overtake(key: string): void
  overtakeAll(): void
  readStore(key: string): Promise<Seen>
}

const nothing: Seen = { token: '', stored: null }
const LOOK_AGAIN_MS = 20

/** Loads, one at a time per key. */
export function createFlights(deps: FlightDeps): Flights {
  const { store, clock, local, counts } = deps
  const flights = new Map<string, Flight>()

  /** `isKnown` false: no answer came, so nothing may be written on its ground. */
  async function readStore(key: string): Promise<Seen & { isKnown: boolean }> {
    if (!deps.canAsk(key)) return { ...nothing, isKnown: false }
    try {
      return { ...(await store.read(key)), isKnown: true }
    } catch {
      counts.of(key).errors += 1
      return { ...nothing, isKnown: false }
    }
  }

  function delay(ms: number): Promise<void> {
    return new Promise((resolve) => void clock.setTimer(ms, resolve))
  }

  /** Waits for the instance that loads already. Null: it did not bring anything in time. */
  async function waitForOthers(key: string, untilMs: number): Promise<StoredValue | null> {
    while (clock.monotonicMs() < untilMs) {
      await delay(LOOK_AGAIN_MS)
      const { stored, isKnown } = await readStore(key)
      if (stored !== null && isFresh(stored)) return stored
      if (!isKnown) return null
    }
    return null
  }

  async function loadOnce(flight: Flight, key: string, load: () => Promise<unknown>, options: CacheOptions) {
    const startMs = clock.monotonicMs()
    const isShared = options.scope === 'shared' && options.freshMs > 0
    const seen = isShared ? await readStore(key) : null
    if (seen?.stored && (isFresh(seen.stored) || !flight.isRefresh))
      return takeStored(flight, key, seen.stored, startMs)
    const waitMs = seen?.isKnown === true ? (options.waitForOthersMs ?? 0) : 0
    const lock = waitMs > 0 ? await deps.locks.lock(`load:${key}`, waitMs) : null
    try {
      if (waitMs > 0 && lock === null) {
        const lookMs = clock.monotonicMs()
        const stored = await waitForOthers(key, startMs + waitMs)
        if (stored !== null) return takeStored(flight, key, stored, lookMs)
      }
      return await loadHere(flight, key, load, { options, seen })
    } finally {
      if (lock !== null) await deps.locks.unlock(lock)
    }
  }

  function isFresh(stored: StoredValue): boolean {
    return stored.ageMs < stored.freshMs
  }

  function takeStored(flight: Flight, key: string, stored: StoredValue, startMs: number): unknown {
    counts.of(key).remoteHits += 1
    if (!flight.isOvertaken) local.put(key, stored, startMs)
    return stored.value
  }

  async function loadHere(
    flight: Flight,
    key: string,
    load: () => Promise<unknown>,
    found: { options: CacheOptions; seen: (Seen & { isKnown: boolean }) | null },
  ): Promise<unknown> {
    const { options, seen } = found
    counts.of(key).misses += 1
    const startMs = clock.monotonicMs()
    const value = (await load()) ?? null
    const tookMs = clock.monotonicMs() - startMs
    const freshMs = value === null ? (options.negativeMs ?? 0) : options.freshMs
    const totalMs = freshMs + (value === null ? 0 : (options.staleMs ?? 0))
    if (totalMs === 0) {
      if (!flight.isOvertaken) local.delete(key)
      return value
    }
    const stored = { value, freshMs, totalMs }
    if (!flight.isOvertaken) local.put(key, { ...stored, ageMs: 0 }, startMs)
    // An overtaken one may ask, too: the store refuses it by its token when it was this key that was deleted.
    if (seen?.isKnown === true && deps.canAsk(key) && tookMs < DELETED_MARK_MS / 2) await offer(key, seen.token, stored)
    return value
  }

  async function offer(key: string, token: string, stored: Omit<StoredValue, 'ageMs'>): Promise<void> {
    try {
      // Somebody deleted or wrote it meanwhile, and the word of it is on its way here.
      if (!(await store.write(key, token, stored))) local.delete(key)
    } catch {
      counts.of(key).errors += 1
    }
  }

  /** Loading failed: what is remembered may do. */
  function findForOutage(key: string, error: unknown, { outage }: CacheOptions): { value: unknown } | null {
    counts.of(key).errors += 1
    return outage?.isOutage(error) === true ? findRemembered(key, outage.maxAgeMs) : null
  }

  function findRemembered(key: string, maxAgeMs: number): { value: unknown } | null {
    const entry = local.find(key)
    if (entry === undefined || clock.monotonicMs() - entry.bornMs >= maxAgeMs) return null
    counts.of(key).stale += 1
    return entry
  }

  /** A source that says nothing keeps everybody waiting until its time limit: what is remembered does meanwhile. */
  function withPatience(key: string, loading: Promise<unknown>, { outage }: CacheOptions): Promise<unknown> {
    const patienceMs = outage?.patienceMs
    if (outage === undefined || patienceMs === undefined) return loading
    return new Promise((resolve, reject) => {
      const cancel = clock.setTimer(patienceMs, () => {
        const entry = findRemembered(key, outage.maxAgeMs)
        if (entry !== null) resolve(entry.value)
      })
      loading.finally(cancel).then(resolve, reject)
    })
  }

  function begin(
    key: string,
    load: () => Promise<unknown>,
    options: CacheOptions,
    isRefresh: boolean,
  ): Promise<unknown> {
    const flight: Flight = { promise: Promise.resolve(), isOvertaken: false, isRefresh }
    flights.set(key, flight)
    const loading = loadOnce(flight, key, load, options)
      .catch((error: unknown) => {
        const entry = findForOutage(key, error, options)
        if (entry === null) throw error
        return entry.value
      })
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key)
      })
    flight.promise = withPatience(key, loading, options)
    return flight.promise
  }

  return {
    readStore,
    fly(key, load, options) {
      const running = flights.get(key)
      if (running === undefined) return begin(key, load, options, false)
      counts.of(key).joined += 1
      return running.promise
    },
    refresh(key, load, options) {
      if (flights.has(key)) return
      // Whoever asks after its end gets the error, or the value, of a load of their own.
      begin(key, load, options, true).catch(() => undefined)
    },
    overtake(key) {
      const flight = flights.get(key)
      if (flight === undefined) return
      flight.isOvertaken = true
      flights.delete(key)
    },
    overtakeAll() {
      for (const flight of flights.values()) flight.isOvertaken = true
      flights.clear()
    },
  }
}
