import { createFlagSetting, createTextSetting } from '../setting.ts'
import { parseRedisUrl } from '../setting-parsers.ts'

export const redisSettings = {
  redisUrl: createTextSetting({
    variable: 'REDIS_URL',
    description:
      'Redis 6 or later, shared by all instances: stream logs, cache, limits. Without it only one instance may run.',
    rule: 'a redis:// or rediss:// address',
    example: 'redis://:a-password-of-your-own@redis.corp.example:6379/0',
    default: null,
    defaultText: 'everything in the process',
    parse: parseRedisUrl,
  }),
  cacheEnabled: createFlagSetting({
    variable: 'CACHE_ENABLED',
    description:
      'Off: agents and logins are read from the database every time, to measure what remembering them brings.',
    default: true,
    defaultText: '1',
  }),
}
