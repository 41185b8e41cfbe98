import { createHash } from 'node:crypto'
import type { RedisLink } from './redis-link.ts'

type RunScript = (keys: readonly string[], values: readonly (string | number)[]) => Promise<unknown>

/** A Lua script, sent by its hash; in full only to a Redis that does not know it (yet, or any more). */
export function createRedisScript(link: RedisLink, text: string): RunScript {
  const hash = createHash('sha1').update(text).digest('hex')
  return async (keys, values) => {
    try {
      return await link.commands.evalsha(hash, keys.length, ...keys, ...values)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return link.commands.eval(text, keys.length, ...keys, ...values)
    }
  }
}
