import { Redis } from 'ioredis'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { RedisLink } from './redis-link.ts'

interface LinkDeps {
  clock: Clock
  logger: Logger
}

const keyPrefix = 'llmchat:'
const commandMs = 1000
const pingEveryMs = 500
/** A connection that was silent so long is given up: its other end may be gone without a word. */
const giveUpAfterMs = 3000

/** Begins to connect and returns at once: Redis may be away at this moment. */
export function openRedisLink(options: { url: string }, deps: LinkDeps): RedisLink {
  const logger = deps.logger.child({ room: 'redis' })
  const base = {
    connectTimeout: 2000,
    keepAlive: 10_000,
    retryStrategy: (times: number) => Math.min(50 * times, 1000),
  }
  const commands = new Redis(options.url, {
    ...base,
    commandTimeout: commandMs,
    maxRetriesPerRequest: 0,
    // Who asks while Redis is away must know it now, not when it is back.
    enableOfflineQueue: false,
    enableAutoPipelining: true,
  })
  const subscriber = new Redis(options.url, { ...base, maxRetriesPerRequest: null })
  const listeners = new Set<(isUp: boolean) => void>()
  const channels = new Map<string, Set<(message: string) => void>>()
  let isUp = false
  let lastAnswerMs = deps.clock.monotonicMs()
  let isClosed = false
  let cancelPing: () => void = () => undefined

  function change(next: boolean): void {
    if (isUp === next) return
    isUp = next
    logger[next ? 'info' : 'warn'](next ? 'redis answers' : 'redis is away')
    for (const listener of listeners) listener(next)
  }

  async function ping(): Promise<void> {
    try {
      await commands.ping()
      lastAnswerMs = deps.clock.monotonicMs()
      change(true)
    } catch {
      change(false)
      if (commands.status !== 'ready' || deps.clock.monotonicMs() - lastAnswerMs < giveUpAfterMs) return
      lastAnswerMs = deps.clock.monotonicMs()
      commands.disconnect(true)
    }
  }

  function schedule(): void {
    if (isClosed) return
    cancelPing = deps.clock.setTimer(pingEveryMs, () => {
      void ping().finally(schedule)
    })
  }

  function watch(client: Redis, name: string): Redis {
    // Each failed attempt to connect comes here; the change of `isUp` is what is worth a line.
    client.on('error', (error) => logger.debug({ err: error, connection: name }, 'redis connection'))
    return client
  }

  watch(commands, 'commands')
  watch(subscriber, 'subscriber')
  commands.on('ready', () => void ping())
  commands.on('close', () => change(false))
  subscriber.on('message', (channel: string, message: string) => {
    for (const onMessage of channels.get(channel) ?? []) onMessage(message)
  })
  schedule()

  return {
    commands,
    toKey: (name) => keyPrefix + name,
    isUp: () => isUp,
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async subscribe(name, onMessage) {
      const channel = keyPrefix + name
      const readers = channels.get(channel) ?? new Set()
      channels.set(channel, readers)
      readers.add(onMessage)
      // Queued while Redis is away, and repeated by the client after each reconnection.
      if (readers.size === 1) void subscriber.subscribe(channel).catch(() => undefined)
      return async () => {
        readers.delete(onMessage)
        if (readers.size > 0) return
        channels.delete(channel)
        if (!isClosed) await subscriber.unsubscribe(channel).catch(() => undefined)
      }
    },
    openBlocking: () => watch(new Redis(options.url, { ...base, maxRetriesPerRequest: null }), 'blocking'),
    async close() {
      isClosed = true
      cancelPing()
      commands.disconnect()
      subscriber.disconnect()
    },
  }
}
