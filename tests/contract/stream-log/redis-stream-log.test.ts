import { afterAll, beforeAll } from 'vitest'
import type { StreamLog } from '../../../backend/src/stream-log/stream-log.ts'
import { openRedisLog, type RedisLogPlace } from '../../support/open-redis-log.ts'
import { openRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { describeStreamLog } from './stream-log-suite.ts'

let server: RedisServer

beforeAll(async () => {
  server = await openRedisServer()
})
afterAll(() => server.close())

async function openFresh(choose: (place: RedisLogPlace) => StreamLog): Promise<StreamLog> {
  const place = await openRedisLog(server.url)
  await place.link.commands.flushall()
  return { ...choose(place), close: () => place.close() }
}

describeStreamLog('redis', () => openFresh((place) => place.redisLog))
describeStreamLog('owner tail over redis', () => openFresh((place) => place.tail))
