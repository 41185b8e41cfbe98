import pg from 'pg'
import { migrateDatabase } from '../../../backend/src/db/migrate.ts'
import { allMigrations } from '../../../backend/src/db/migrations/all-migrations.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { explainStatement, type Explained } from './explain-statement.ts'
import { listHotStatements, listPromisedStatements, type HotStatement } from './hot-statements.ts'
import { seedVolume, type Volume } from './seed-volume.ts'

export interface Measured {
  name: string
  list?: HotStatement['list']
  before: Explained
  after: Explained
}

export interface VolumeReport {
  volume: Volume
  seconds: { seed: number; before: number; indexes: number; vacuum: number; after: number }
  sizesMb: { tables: number; indexes: number; trigrams: number }
  hot: Measured[]
  promised: Measured[]
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase({ databaseUrl: url, databasePoolMax: 1, dataDir: '' }, { logger: silentLogger })
  try {
    await migrateDatabase(database, allMigrations, { logger: silentLogger, appVersion: '0.0.0' })
  } finally {
    await database.close()
  }
}

/** Takes every index away that no key needs; returns what makes them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const found = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND NOT i.indisunique`,
  )
  for (const { name } of found.rows) await client.query(`DROP INDEX ${name}`)
  return found.rows.map((row) => row.definition)
}

async function findSizes(client: pg.Client): Promise<VolumeReport['sizesMb']> {
  const found = await client.query<VolumeReport['sizesMb']>(
    `SELECT (sum(pg_table_size(c.oid)) / 1048576)::int AS tables, (sum(pg_indexes_size(c.oid)) / 1048576)::int AS indexes,
      (pg_relation_size('chat_messages_body_trgm') / 1048576)::int AS trigrams
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'`,
  )
  const [sizes] = found.rows
  if (sizes === undefined) throw new Error('no tables')
  return sizes
}

/**
 * Seeds the empty database at `url` and explains every hot statement twice: with the keys' own indexes only, and with
 * all. `tell` hears what is going on.
 */
export async function measureVolume(url: string, volume: Volume, tell: (line: string) => void): Promise<VolumeReport> {
  await migrate(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const seconds = { seed: 0, before: 0, indexes: 0, vacuum: 0, after: 0 }
  async function time<T>(phase: keyof typeof seconds, work: () => Promise<T>): Promise<T> {
    tell(phase)
    const startMs = performance.now()
    const result = await work()
    seconds[phase] = Math.round((performance.now() - startMs) / 100) / 10
    return result
  }
  async function explainAll(statements: HotStatement[], isSettled: boolean): Promise<Explained[]> {
    const all: Explained[] = []
    for (const { name, recorded } of statements) {
      const explained = await explainStatement(client, recorded, { isSettled })
      tell(`  ${name}: ${explained.ms.toFixed(1)} ms, ${String(explained.blocks)} blocks`)
      all.push(explained)
    }
    return all
  }
  function join(statements: HotStatement[], before: Explained[], after: Explained[]): Measured[] {
    return statements.flatMap(({ name, list }, index) => {
      const [one, two] = [before[index], after[index]]
      return one && two ? [{ name, ...(list && { list }), before: one, after: two }] : []
    })
  }

  try {
    const definitions = await dropIndexes(client)
    await time('seed', () => seedVolume(client, volume))
    await client.query('ANALYZE')
    const hot = await listHotStatements(client)
    const promised = await listPromisedStatements(client)
    const before = await time('before', () => explainAll([...hot, ...promised], false))
    await time('indexes', async () => {
      await client.query("SET maintenance_work_mem = '1GB'")
      for (const definition of definitions) await client.query(definition)
    })
    await time('vacuum', () => client.query('VACUUM ANALYZE'))
    const after = await time('after', () => explainAll([...hot, ...promised], true))
    return {
      volume,
      seconds,
      sizesMb: await findSizes(client),
      hot: join(hot, before, after),
      promised: join(promised, before.slice(hot.length), after.slice(hot.length)),
    }
  } finally {
    await client.end()
  }
}
