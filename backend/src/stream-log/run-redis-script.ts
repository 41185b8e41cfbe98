import { createHash } from 'node:crypto'
import type { RedisLink } from '../redis/redis-link.ts'

type ScriptRunner = (
  script: string,
  generationIds: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>

/** Runs a script on the hash and the stream of each of these generations. Rejects as the link says. */
export function createScriptRunner(link: RedisLink): ScriptRunner {
  const hashes = new Map<string, string>()

  function toHash(script: string): string {
    const known = hashes.get(script)
    if (known !== undefined) return known
    const hash = createHash('sha1').update(script).digest('hex')
    hashes.set(script, hash)
    return hash
  }

  return async (script, generationIds, args) => {
    const keys: string[] = []
    for (const id of generationIds) keys.push(link.toKey(`log-state:${id}`), toStreamKey(link, id))
    try {
      return await link.commands.evalsha(toHash(script), keys.length, ...keys, ...args)
    } catch (error) {
      // A Redis that was restarted has forgotten its scripts; it certainly did not run this one.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return link.commands.eval(script, keys.length, ...keys, ...args)
    }
  }
}

/** The key of a generation's stream, which is also the name of the channel its appends are published on. */
export function toStreamKey(link: RedisLink, generationId: string): string {
  return link.toKey(`log:${generationId}`)
}
