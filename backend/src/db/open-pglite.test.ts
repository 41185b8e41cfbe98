import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { containing } from '../../../tests/support/containing.ts'
import { buildPgliteWorker } from '../../../tests/support/build-pglite-worker.ts'
import { createTestDataDir } from '../../../tests/support/open-test-database.ts'
import { silentLogger } from '../../../tests/support/silent-logger.ts'
import { openDatabase } from './open-database.ts'
import { openPglite } from './open-pglite.ts'

beforeAll(() => buildPgliteWorker())

function open(dataDir: string) {
  return openDatabase({ databaseUrl: null, databasePoolMax: 1, dataDir }, { logger: silentLogger })
}

test('a folder that is no database is a failure, not a hang', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'llmchat-broken-'))
  writeFileSync(join(dataDir, 'database'), 'a file')
  const failed = open(dataDir)
  await expect(failed).rejects.toMatchObject({ code: 'database_unavailable' })
  await expect(failed.catch((error: unknown) => error)).resolves.toHaveProperty(
    'cause.message',
    containing('holds no database'),
  )
  rmSync(dataDir, { recursive: true })
})

test('a closed database refuses at once, and another process may open the folder', async () => {
  const dataDir = await createTestDataDir()
  const first = await open(dataDir)
  await first.kysely.insertInto('settings').values({ key: 'a', value: '{}' }).execute()
  await first.close()
  await expect(first.kysely.selectFrom('settings').select('key').execute()).rejects.toMatchObject({
    code: 'database_unavailable',
  })
  const second = await open(dataDir)
  expect(await second.kysely.selectFrom('settings').select('key').execute()).toEqual([{ key: 'a' }])
  await second.close()
  rmSync(dataDir, { recursive: true })
})

test('a slow statement does not stop the event loop', async () => {
  const dataDir = await createTestDataDir()
  const database = await open(dataDir)
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 5)
  const statement = { name: 'slow', text: 'SELECT count(*) AS count FROM generate_series(1, 2000000)' }
  expect(await database.query(statement, [])).toEqual([{ count: 2_000_000 }])
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5)
  await database.close()
  rmSync(dataDir, { recursive: true })
})

test('tables that have changed get statistics, so that a key is looked up by its index', async () => {
  const dataDir = await createTestDataDir()
  const source = await openPglite({ folder: join(dataDir, 'database'), upkeepEveryMs: 20 }, { logger: silentLogger })
  const fill = "INSERT INTO settings SELECT 'key ' || i, '1' FROM generate_series(1, 500) i"
  await source.run({ text: fill }, [], 'write')
  const count = { text: "SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'settings'::regclass" }
  await expect
    .poll(async () => (await source.run(count, [], 'read')).rows, { timeout: 20_000 })
    .toEqual([{ rows: 500 }])
  await source.close()
  rmSync(dataDir, { recursive: true })
})
