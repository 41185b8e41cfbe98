import { expect, test } from 'vitest'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { createGate } from '../../support/create-gate.ts'
import { openPostgresServer } from '../../support/postgres-server.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const server = await openPostgresServer()
const one = { name: 'one', text: 'SELECT 1 AS one' }
const unavailable = { code: 'database_unavailable' }

// Where none is installed, openTestPostgres in the other files prints the notice, or fails under REQUIRE_ALL=1.
test.each(server === null ? [] : [server])(
  'a PostgreSQL that goes away is an error to wait for, and never ends the process',
  async (postgres) => {
    const { url } = postgres
    const options = { databaseUrl: url, databasePoolMax: 3, dataDir: '' }
    const database = await openDatabase(options, { logger: silentLogger })
    expect(await database.query(one, [])).toEqual([{ one: 1 }])
    expect(await database.ping(5000)).toBe(true)

    const [begun, gone] = [createGate(), createGate()]
    const transaction = database.transaction(async (trx) => {
      begun.open()
      await gone.passed
      await trx.selectFrom('users').select('id').execute()
    })
    await begun.passed
    const outcome = expect(transaction).rejects.toMatchObject(unavailable)
    await postgres.close()
    gone.open()
    await outcome

    await expect(database.query(one, [])).rejects.toMatchObject(unavailable)
    await expect(database.kysely.selectFrom('users').select('id').execute()).rejects.toMatchObject(unavailable)
    await expect(database.transaction(() => Promise.resolve())).rejects.toMatchObject(unavailable)
    expect(await database.ping(5000)).toBe(false)
    await database.close()
  },
)

test('opening does not wait for a PostgreSQL that is away', async () => {
  const options = { databaseUrl: 'postgresql://127.0.0.1:1/x', databasePoolMax: 3, dataDir: '' }
  const database = await openDatabase(options, { logger: silentLogger })
  await expect(database.query(one, [])).rejects.toMatchObject(unavailable)
  await database.close()
})
