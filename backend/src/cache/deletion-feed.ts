import type { Clock } from '../base/clock.ts'
import type { RedisLink } from '../redis/redis-link.ts'

export interface DeletionFeed {
  /** All deletions until this moment (monotonic ms) have been heard. */
  heardUntilMs(): number
  onDeleted(listener: (keys: readonly string[] | null) => void): void
  close(): Promise<void>
}

const POLL_MS = 250

/**
 * Hears what other instances delete. Pub/sub is quick but forgets whoever is not connected at that moment; so deletions
 * are numbered, and the last number is asked for four times a second. Who missed one doubts everything.
 */
export function openDeletionFeed(
  deps: { link: RedisLink; clock: Clock },
  options: { channel: string; counterKey: string },
): DeletionFeed {
  const { link, clock } = deps
  const listeners: ((keys: readonly string[] | null) => void)[] = []
  /** Null: not known yet. */
  let heard: number | null = null
  let heardUntilMs = -Infinity
  let doubt: { counter: number; heard: number; startMs: number } | null = null
  let isClosed = false
  let cancel = (): void => undefined

  function tell(keys: readonly string[] | null): void {
    for (const listener of listeners) listener(keys)
  }

  function hear(message: string): void {
    const space = message.indexOf(' ')
    const number = Number(message.slice(0, space))
    tell(heard === null || number === heard + 1 ? (JSON.parse(message.slice(space + 1)) as string[]) : null)
    heard = number
  }

  async function poll(): Promise<void> {
    const startMs = clock.monotonicMs()
    const counter = Number((await link.commands.get(options.counterKey)) ?? 0)
    const isLost = doubt !== null && heard !== null && (heard < doubt.counter || counter < doubt.heard)
    if (heard === null || isLost) {
      heard = counter
      doubt = null
      tell(null)
      return
    }
    if (doubt !== null) heardUntilMs = doubt.startMs
    if (heard === counter) heardUntilMs = startMs
    // The message may be on its way still, or have overtaken this reply; if it is so at the next look, one was lost.
    doubt = heard === counter ? null : { counter, heard, startMs }
  }

  function schedule(): void {
    if (isClosed) return
    cancel = clock.setTimer(POLL_MS, () => {
      void (link.isUp() ? poll().catch(() => undefined) : Promise.resolve()).finally(schedule)
    })
  }

  const subscribed = link.subscribe(options.channel, hear)
  schedule()

  return {
    heardUntilMs: () => heardUntilMs,
    onDeleted: (listener) => void listeners.push(listener),
    async close() {
      isClosed = true
      cancel()
      const unsubscribe = await subscribed
      // Not waited for: while Redis is away nobody answers.
      void unsubscribe()
    },
  }
}
