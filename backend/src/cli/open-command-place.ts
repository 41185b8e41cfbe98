import { createSecretBox } from '../agents/secret-box.ts'
import { AppError } from '../base/app-error.ts'
import { systemClock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { openMemoryCache, openRedisCache } from '../cache/open-cache.ts'
import type { CacheService } from '../cache/cache-service.ts'
import { appVersion } from '../config/app-version.ts'
import type { Config } from '../config/config.ts'
import { deriveKey } from '../data-dir/derive-key.ts'
import { getSecretKey } from '../data-dir/get-secret-key.ts'
import { findDataDirHolder, lockDataDir } from '../data-dir/lock-data-dir.ts'
import type { Database } from '../db/database.ts'
import { findSchemaState, migrateDatabase } from '../db/migrate.ts'
import { allMigrations } from '../db/migrations/all-migrations.ts'
import { openDatabase } from '../db/open-database.ts'
import { openRedisLink } from '../redis/open-redis-link.ts'
import type { RedisLink } from '../redis/redis-link.ts'
import { askServer } from './ask-server.ts'
import { createCommandRunner, type CommandResult } from './commands.ts'

/** Where commands are done: here, or in the running server. */
export interface CommandPlace {
  run(words: readonly string[]): Promise<CommandResult>
  close(): Promise<void>
}

interface PlaceDeps {
  config: Config
  logger: Logger
}

/** Embedded, the command may be the first thing ever done, so it makes the schema; elsewhere that is somebody's decision. */
async function prepareSchema(deps: PlaceDeps, database: Database): Promise<void> {
  if (deps.config.databaseUrl === null) {
    await migrateDatabase(database, allMigrations, { logger: deps.logger, appVersion })
    return
  }
  const state = await findSchemaState(database, allMigrations, { appVersion })
  if (state.pending.length === 0) return
  throw new AppError('schema_mismatch', {
    message: 'The database schema is not up to date. Run first: npm run llmchat -- migrate',
  })
}

/** A Redis that is away does not keep a command from its work: what it changes then counts within 5 s. */
const REDIS_WAIT_MS = 2000

interface CommandCache {
  cache: CacheService
  close(): Promise<void>
}

async function waitUntilUp(link: RedisLink): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = systemClock.setTimer(REDIS_WAIT_MS, resolve)
    link.onChange(() => {
      cancel()
      resolve()
    })
  })
}

async function openCommandCache({ config, logger }: PlaceDeps): Promise<CommandCache> {
  if (config.redisUrl === null) {
    const cache = openMemoryCache({ clock: systemClock })
    return { cache, close: () => cache.close() }
  }
  const link = openRedisLink({ url: config.redisUrl }, { clock: systemClock, logger })
  await waitUntilUp(link)
  const cache = openRedisCache({ link, clock: systemClock })
  return {
    cache,
    async close() {
      await cache.close()
      await link.close()
    },
  }
}

async function openHere(deps: PlaceDeps, preparesSchema: boolean): Promise<CommandPlace> {
  const { config, logger } = deps
  const lock = config.databaseUrl === null ? lockDataDir(config.dataDir) : null
  let database: Database | null = null
  try {
    database = await openDatabase({ ...config, databasePoolMax: 2 }, { logger })
    if (preparesSchema) await prepareSchema(deps, database)
    const opened = database
    const commandCache = await openCommandCache(deps)
    const { cache } = commandCache
    const secretBox = createSecretBox(deriveKey(getSecretKey(config), 'agent-keys'))
    return {
      run: createCommandRunner({ config, database, cache, logger, secretBox }),
      async close() {
        await commandCache.close()
        await opened.close()
        lock?.release()
      },
    }
  } catch (error) {
    await database?.close()
    lock?.release()
    throw error
  }
}

/**
 * Through the running server where one holds the data folder, else with the database opened here under the lock.
 * `preparesSchema: false` leaves the database as it is found. Errors: `conflict` while the holder is only starting.
 */
export async function openCommandPlace(deps: PlaceDeps, options: { preparesSchema: boolean }): Promise<CommandPlace> {
  const holder = deps.config.databaseUrl === null ? findDataDirHolder(deps.config.dataDir) : null
  if (holder === null) return openHere(deps, options.preparesSchema)
  const { port, token, pid } = holder
  if (port === null) {
    throw new AppError('conflict', {
      message: `Process ${String(pid)} holds the data folder but does not listen yet. Try again in a moment.`,
    })
  }
  return { run: (words) => askServer({ port, token }, words), close: () => Promise.resolve() }
}
