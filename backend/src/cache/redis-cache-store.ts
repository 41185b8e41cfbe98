import { randomBytes } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import { DELETED_MARK_MS, type CacheStore, type Seen } from './cache-store.ts'
import { openDeletionFeed } from './deletion-feed.ts'
import { createRedisScript } from '../redis/create-redis-script.ts'

// A key holds `v<nonce>:<freshMs>:<totalMs>:<json>`, or `d<nonce>` after a deletion. The first 17 characters are the token.
const TOKEN_LENGTH = 17

const readText = `return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}`

/** A load that began before a deletion, or before somebody else's write, must not bring its old value back. */
const writeText = `
if redis.call('GETRANGE', KEYS[1], 0, ${TOKEN_LENGTH - 1}) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`

/** Marks the keys and tells everybody, in one step with a number that shows who missed one. */
const deleteText = `
local number = redis.call('INCR', KEYS[1])
if number == 1 then
  number = tonumber(ARGV[2])
  redis.call('SET', KEYS[1], ARGV[2])
end
for index = 3, #KEYS do redis.call('SET', KEYS[index], ARGV[3], 'PX', ARGV[4]) end
redis.call('PUBLISH', KEYS[2], string.format('%.0f', number) .. ' ' .. ARGV[1])
return 1`

const renewText = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

const releaseText = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

function createToken(kind: 'v' | 'd'): string {
  return kind + randomBytes(8).toString('hex')
}

function toSeen(raw: unknown, lifeMs: unknown): Seen {
  if (typeof raw !== 'string') return { token: '', stored: null }
  const token = raw.slice(0, TOKEN_LENGTH)
  const match = /^v[0-9a-f]{16}:(\d+):(\d+):/.exec(raw)
  if (match === null) return { token, stored: null }
  const totalMs = Number(match[2])
  return {
    token,
    stored: {
      value: JSON.parse(raw.slice(match[0].length)),
      // Ages come from Redis' clock alone: those of the instances may differ.
      ageMs: Math.max(0, totalMs - Number(lifeMs)),
      freshMs: Number(match[1]),
      totalMs,
    },
  }
}

export function openRedisCacheStore(deps: { link: RedisLink; clock: Clock }): CacheStore {
  const { link } = deps
  const toKey = (key: string): string => link.toKey(`cache:${key}`)
  const toLockKey = (name: string): string => link.toKey(`lock:${name}`)
  const counterKey = link.toKey('cache-deletions')
  const scripts = {
    read: createRedisScript(link, readText),
    write: createRedisScript(link, writeText),
    delete: createRedisScript(link, deleteText),
    renew: createRedisScript(link, renewText),
    release: createRedisScript(link, releaseText),
  }
  const feed = openDeletionFeed(deps, { channel: 'cache-deletions', counterKey })

  return {
    isUp: () => link.isUp(),
    async read(key) {
      const reply = await scripts.read([toKey(key)], [])
      return Array.isArray(reply) ? toSeen(reply[0], reply[1]) : { token: '', stored: null }
    },
    async write(key, token, { value, freshMs, totalMs }) {
      const raw = `${createToken('v')}:${freshMs}:${totalMs}:${JSON.stringify(value)}`
      if (token !== null) return (await scripts.write([toKey(key)], [token, raw, totalMs])) === 1
      await link.commands.set(toKey(key), raw, 'PX', totalMs)
      return true
    },
    async del(keys) {
      await scripts.delete(
        [counterKey, link.toKey('cache-deletions'), ...keys.map(toKey)],
        // A counter that was lost begins anew at a number that it never had.
        [JSON.stringify(keys), deps.clock.nowMs(), createToken('d'), DELETED_MARK_MS],
      )
    },
    async takeLock(name, token, ttlMs) {
      return (await link.commands.set(toLockKey(name), token, 'PX', ttlMs, 'NX')) === 'OK'
    },
    renewLock: async (name, token, ttlMs) => (await scripts.renew([toLockKey(name)], [token, ttlMs])) === 1,
    releaseLock: async (name, token) => (await scripts.release([toLockKey(name)], [token])) === 1,
    heardUntilMs: () => feed.heardUntilMs(),
    unheardMs: 5000,
    onDeleted: (listener) => feed.onDeleted(listener),
    close: () => feed.close(),
  }
}
