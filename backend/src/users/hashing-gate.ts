import { AppError } from '../base/app-error.ts'

/** Who asks for a hash. */
export interface HashingClient {
  /** A network address, or a device that has signed in to this account before. */
  key: string
  isKnownDevice: boolean
}

interface HashingGateOptions {
  /** All that may be inside at once, the one at work included. */
  maxInside: number
  /** Of these, how many only known devices may take. */
  reservedForKnown: number
  /** Of one client. */
  maxPerClient: number
  /** About what one takes, to tell the others when to come again. */
  expectedMs: number
}

/**
 * Decides who may wait for the hasher, at once and without waiting. One client can't fill it, and strangers together
 * can't fill the part that is kept for devices people have signed in from before.
 */
export interface HashingGate {
  /** Errors: `rate_limited` with the time to wait, before `work` begins. */
  admit<Value>(client: HashingClient, work: () => Promise<Value>): Promise<Value>
}

export function createHashingGate(options: HashingGateOptions): HashingGate {
  const counts = new Map<string, number>()
  let inside = 0
  let strangers = 0

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

  return {
    async admit(client, work) {
      if (isFull(client)) {
        const retryAfterMs = Math.max(1000, inside * options.expectedMs)
        throw new AppError('rate_limited', { message: 'Too many people sign in right now.', retryAfterMs })
      }
      count(client, 1)
      try {
        return await work()
      } finally {
        count(client, -1)
      }
    },
  }
}
