import { AppError } from '../base/app-error.ts'

/** Who asks for a hash. */
export interface HashingClient {
  /** A network address, or a device that has signed in to this account before. */
  key: string
  isKnownDevice: boolean
}

interface HashingGateOptions {
  /** All that may be inside at once, those at work included. */
  maxInside: number
  /** Of these, how many only known devices may take. */
  reservedForKnown: number
  /** Of one client. */
  maxPerClient: number
  /** At work at once: one more than hashes at a time, so that the next has read its row when the hasher is free. */
  maxWorking: number
  /** About what one takes, to tell the others when to come again. */
  expectedMs: number
}

/**
 * Decides who may wait for the hasher, at once and without waiting. One client can't fill it, strangers together can't
 * fill the part that is kept for devices people have signed in from before, and those go first.
 */
export interface HashingGate {
  /**
   * `check` runs at once, `work` when it is its turn. Errors: `rate_limited` with the time to wait before either begins,
   * and theirs.
   */
  admit<Value>(client: HashingClient, act: { check: () => Promise<void>; work: () => Promise<Value> }): Promise<Value>
}

/** So many known devices are served before a stranger who waits is. */
const KNOWN_IN_A_ROW = 3

export function createHashingGate(options: HashingGateOptions): HashingGate {
  const counts = new Map<string, number>()
  const waiting = { known: [] as (() => void)[], strangers: [] as (() => void)[] }
  let inside = 0
  let strangers = 0
  let working = 0
  let knownInARow = 0

  function isFull(client: HashingClient): boolean {
    if (inside >= options.maxInside) return true
    if ((counts.get(client.key) ?? 0) >= options.maxPerClient) return true
    return !client.isKnownDevice && strangers >= options.maxInside - options.reservedForKnown
  }

  function count(client: HashingClient, change: 1 | -1): void {
    const left = (counts.get(client.key) ?? 0) + change
    if (left === 0) counts.delete(client.key)
    else counts.set(client.key, left)
    inside += change
    if (!client.isKnownDevice) strangers += change
  }

  function takeTurn(client: HashingClient): Promise<void> {
    if (working < options.maxWorking) {
      working += 1
      return Promise.resolve()
    }
    return new Promise((resolve) => waiting[client.isKnownDevice ? 'known' : 'strangers'].push(resolve))
  }

  function passTurn(): void {
    const isStrangersTurn = waiting.known.length === 0 || knownInARow >= KNOWN_IN_A_ROW
    const stranger = isStrangersTurn ? waiting.strangers.shift() : undefined
    const next = stranger ?? waiting.known.shift()
    knownInARow = stranger === undefined && next !== undefined ? knownInARow + 1 : 0
    if (next === undefined) working -= 1
    else next()
  }

  return {
    async admit(client, { check, work }) {
      if (isFull(client)) {
        const retryAfterMs = Math.max(1000, inside * options.expectedMs)
        throw new AppError('rate_limited', { message: 'Too many people sign in right now.', retryAfterMs })
      }
      count(client, 1)
      try {
        await check()
        await takeTurn(client)
        try {
          return await work()
        } finally {
          passTurn()
        }
      } finally {
        count(client, -1)
      }
    },
  }
}
