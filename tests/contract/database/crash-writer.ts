import { watch } from 'node:fs'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'

/** Runs in a process of its own and writes until it is killed; tells its parent each key it holds for stored. */

const [dataDir = '', round = ''] = process.argv.slice(2)

function acknowledge(key: string): void {
  process.send?.(key)
}

async function writeForever(): Promise<void> {
  const database = await openDatabase({ databaseUrl: null, databasePoolMax: 1, dataDir }, { logger: silentLogger })
  const insert = { name: 'insert', text: 'INSERT INTO settings (key, value) VALUES ($1, $2)' }
  for (let index = 0; ; index += 1) {
    const key = `${round}:${String(index)}`
    await database.query(insert, [key, JSON.stringify({ filler: 'x'.repeat(500) })], { priority: 'write' })
    acknowledge(key)
    if (index % 10 !== 0) continue
    await database.transaction(async (trx) => {
      await trx
        .insertInto('settings')
        .values({ key: `${key}:pair`, value: '{}' })
        .execute()
      await trx
        .insertInto('settings')
        .values({ key: `${key}:twin`, value: '{}' })
        .execute()
    })
    acknowledge(`${key}:pair`)
  }
}

/** Says when the data folder begins to fill, which is the middle of the first start. */
async function startForTheFirstTime(): Promise<void> {
  const watcher = watch(dataDir, () => {
    watcher.close()
    acknowledge('begun')
  })
  await openDatabase({ databaseUrl: null, databasePoolMax: 1, dataDir }, { logger: silentLogger })
}

await (round === 'first-start' ? startForTheFirstTime() : writeForever())
