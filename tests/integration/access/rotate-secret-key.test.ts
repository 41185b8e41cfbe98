import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSecretBox } from '../../../backend/src/agents/secret-box.ts'
import { sealedColumns } from '../../../backend/src/cli/reseal-all.ts'
import { runCli } from '../../../backend/src/cli/run-cli.ts'
import { deriveKey } from '../../../backend/src/data-dir/derive-key.ts'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { openTestPostgres } from '../../support/open-postgres.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const postgres = await openTestPostgres()
const oldSecret = 'the former secret of thirty-two characters'
const newSecret = 'the newer secret of thirty-two characters'

const toBox = (secret: string) => createSecretBox(deriveKey(secret, 'agent-keys'))

describe.for(postgres ? [postgres] : [])('rotate-secret-key', (store) => {
  const { url } = store
  let database: Database
  let dataDir = ''

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'llmchat-rotate-'))
    database = await openDatabase({ databaseUrl: url, databasePoolMax: 2, dataDir: '' }, { logger: silentLogger })
    await database.kysely.deleteFrom('agent_configs').execute()
    await database.kysely.deleteFrom('instances').execute()
    await database.kysely.deleteFrom('audit_logs').execute()
    await database.kysely.deleteFrom('audit_keys').execute()
    const empty = { last_seq: 0, last_hash: '', anchor_seq: 0, anchor_hash: '', kept_count: 0, key_id: null, mac: null }
    await database.kysely.updateTable('audit_chain').set(empty).execute()
  })
  afterEach(async () => {
    await database.close()
    await rm(dataDir, { recursive: true })
  })
  afterAll(() => store.close())

  async function run(env: Record<string, string>, words: string[]) {
    let out = ''
    let error = ''
    const environment = { DATABASE_URL: url, DATA_DIR: dataDir, ALLOW_INSECURE_HTTP: '1', ...env }
    const exitCode = await runCli(
      {
        environment,
        nodeVersion: process.version,
        writeOut: (text) => (out += text),
        writeError: (text) => (error += text),
        runServer: () => Promise.resolve(7),
      },
      words,
    )
    return { exitCode, out, error }
  }

  async function addAgent(id: string, secret: string): Promise<void> {
    const sealed = toBox(secret).seal(`key of ${id}`, id)
    const row = { id, name: id, provider: 'openai', base_url: 'https://upstream.example', origin: 'admin' } as const
    await database.kysely
      .insertInto('agent_configs')
      .values({ ...row, api_key_sealed: sealed })
      .execute()
  }

  async function openKey(id: string, secret: string): Promise<string> {
    const query = database.kysely.selectFrom('agent_configs').select('api_key_sealed').where('id', '=', id)
    return toBox(secret).unseal((await query.executeTakeFirstOrThrow()).api_key_sealed ?? '', id)
  }

  const rotate = ['rotate-secret-key']
  const both = { SECRET_KEY: oldSecret, NEW_SECRET_KEY: newSecret }

  test('every sealed column of the schema is sealed anew', async () => {
    const found = await sql<{ name: string }>`SELECT table_name || '.' || column_name AS name
      FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE '%sealed%'`.execute(
      database.kysely,
    )
    expect(found.rows.map((row) => row.name).sort()).toEqual(
      sealedColumns.map(({ table, column }) => `${table}.${column}`).sort(),
    )
  })

  test('agents and the audit chain go on with the new secret, and no longer with the old', async () => {
    const made = await run({ SECRET_KEY: oldSecret }, [
      'create-admin',
      '--email',
      'a@b.example',
      '--password',
      'a long password',
    ])
    expect(made.error).toBe('')
    await addAgent('one', oldSecret)
    await addAgent('two', oldSecret)
    expect(await run(both, rotate)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('3 secret(s)') as string,
    })
    expect(await openKey('one', newSecret)).toBe('key of one')
    expect(await openKey('two', newSecret)).toBe('key of two')
    await expect(openKey('one', oldSecret)).rejects.toThrow()
    const verified = await run({ SECRET_KEY: newSecret }, ['audit', 'verify'])
    expect(verified).toEqual({ exitCode: 0, out: '2 entries: nothing was changed or removed.\n', error: '' })
    expect((await run({ SECRET_KEY: oldSecret }, ['audit', 'verify'])).exitCode).toBe(1)
    await database.kysely.updateTable('audit_logs').set({ action: 'logout' }).where('seq', '=', 1).execute()
    const changed = await run({ SECRET_KEY: newSecret }, ['audit', 'verify'])
    expect(changed).toMatchObject({ exitCode: 1, out: 'Row 1 was changed.\n' })
  })

  test('one key that cannot be opened, and nothing is changed', async () => {
    await addAgent('a-good', oldSecret)
    await addAgent('b-lost', 'another secret of thirty-two characters')
    const result = await run(both, rotate)
    expect(result).toMatchObject({ exitCode: 1, error: expect.stringContaining('b-lost') as string })
    expect(await openKey('a-good', oldSecret)).toBe('key of a-good')
    expect(result.error + result.out).not.toMatch(/key of a-good|the former secret|the newer secret/)
  })

  test('not while an instance runs, and not without a new secret', async () => {
    await addAgent('one', oldSecret)
    expect((await run({ SECRET_KEY: oldSecret }, rotate)).error).toContain('NEW_SECRET_KEY')
    await database.kysely.insertInto('instances').values({ id: 'i', version: '0.0.0' }).execute()
    expect((await run(both, rotate)).error).toContain('1 instance(s) run')
    expect(await openKey('one', oldSecret)).toBe('key of one')
  })

  test('where the secret is a file, the file is exchanged; one that was cut off is finished', async () => {
    const file = join(dataDir, 'secret.key')
    const embedded = { LLMCHAT_MODE: 'embedded' }
    await writeFile(file, `${oldSecret}\n`, { mode: 0o600 })
    await addAgent('one', oldSecret)
    expect((await run(embedded, rotate)).exitCode).toBe(0)
    const made = (await readFile(file, 'utf8')).trim()
    expect(made).not.toBe(oldSecret)
    expect(await openKey('one', made)).toBe('key of one')
    expect((await readdir(dataDir)).filter((name) => name.endsWith('.next'))).toEqual([])

    // As if the power had gone after the commit and before the file was put in its place.
    await rename(file, `${file}.next`)
    await writeFile(file, `${oldSecret}\n`, { mode: 0o600 })
    expect((await run(embedded, rotate)).out).toContain('Finished')
    expect((await readFile(file, 'utf8')).trim()).toBe(made)
    expect(await openKey('one', made)).toBe('key of one')
  })
})
