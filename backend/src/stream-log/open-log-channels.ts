import type { Clock } from '../base/clock.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import { toStreamKey } from './run-redis-script.ts'

/** One subscription per watched generation, all on one connection. */
interface LogChannels {
  /** Resolves once Redis has confirmed it: whatever is published from then on is heard. */
  join(generationId: string): Promise<void>
  leave(generationId: string): void
  /** Gives up a connection that has died without a word. */
  checkConnection(): void
  close(): void
}

const joinMs = 1000
const silentMs = 3000

export function openLogChannels(
  deps: { clock: Clock; link: RedisLink },
  listener: {
    onPublished: (generationId: string, message: string) => void
    /** All is listened to again; what was published in between has been missed. */
    onReconnected: () => void
  },
): LogChannels {
  const connection = deps.link.openBlocking()
  const prefixLength = toStreamKey(deps.link, '').length
  const joined = new Map<string, Promise<unknown>>()
  let isFirst = true
  let askedMs: number | null = null

  connection.on('message', (channel: string, message: string) => {
    listener.onPublished(channel.slice(prefixLength), message)
  })
  connection.on('ready', () => {
    askedMs = null
    const wasFirst = isFirst
    isFirst = false
    const keys = [...joined.keys()].map((id) => toStreamKey(deps.link, id))
    if (wasFirst || keys.length === 0) return
    // The client subscribes again by itself; this repetition tells when that is done.
    connection.subscribe(...keys).then(listener.onReconnected, () => undefined)
  })

  function rejectAfter(ms: number): { promise: Promise<never>; cancel: () => void } {
    let cancel: () => void = () => undefined
    const promise = new Promise<never>((_resolve, reject) => {
      cancel = deps.clock.setTimer(ms, () => reject(new Error('redis did not confirm a subscription')))
    })
    return { promise, cancel }
  }

  return {
    async join(generationId) {
      let confirmed = joined.get(generationId)
      if (!confirmed) {
        confirmed = connection.subscribe(toStreamKey(deps.link, generationId))
        joined.set(generationId, confirmed)
        const asked = confirmed
        asked.catch(() => {
          if (joined.get(generationId) === asked) joined.delete(generationId)
        })
      }
      const limit = rejectAfter(joinMs)
      await Promise.race([confirmed, limit.promise]).finally(limit.cancel)
    },
    leave(generationId) {
      joined.delete(generationId)
      connection.unsubscribe(toStreamKey(deps.link, generationId)).catch(() => undefined)
    },
    checkConnection() {
      const nowMs = deps.clock.monotonicMs()
      if (askedMs !== null && nowMs - askedMs > silentMs && deps.link.isUp()) {
        askedMs = null
        connection.disconnect(true)
      }
      if (connection.status !== 'ready' || askedMs !== null) return
      askedMs = nowMs
      connection.ping().then(
        () => (askedMs = null),
        () => (askedMs = null),
      )
    },
    close: () => connection.disconnect(),
  }
}
