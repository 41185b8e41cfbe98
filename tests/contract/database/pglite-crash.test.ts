import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../backend/src/db/open-database.ts'
import { buildPgliteWorker } from '../../support/build-pglite-worker.ts'
import { bundleForNode } from '../../support/bundle-for-node.ts'
import { createTestDataDir } from '../../support/open-test-database.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const KILLS = 3
const ACKNOWLEDGED_BEFORE_KILL = 150

/** The writer as plain JavaScript that a process of its own can run, beside the database thread's file. */
async function buildWriter(): Promise<string> {
  await buildPgliteWorker()
  const outfile = new URL(`../../../backend/dist/crash-writer.${String(process.pid)}.mjs`, import.meta.url)
  await writeFile(outfile, await bundleForNode(new URL('./crash-writer.ts', import.meta.url)))
  return fileURLToPath(outfile)
}

/** Lets the writer acknowledge some rows, kills it while it goes on, and returns what it acknowledged. */
async function writeAndKill(writer: string, dataDir: string, round: number): Promise<string[]> {
  const child = fork(writer, [dataDir, String(round)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = new Promise((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal))
  })
  const acknowledged: string[] = []
  child.on('message', (id) => {
    if (typeof id === 'string') acknowledged.push(id)
    if (acknowledged.length === ACKNOWLEDGED_BEFORE_KILL) child.kill('SIGKILL')
  })
  expect(await exited).toBe('SIGKILL')
  return acknowledged
}

test('what PGlite acknowledged is there after a kill -9 in the middle of writing', async () => {
  const dataDir = await createTestDataDir()
  const writer = await buildWriter()
  const acknowledged: string[] = []
  try {
    for (let round = 0; round < KILLS; round += 1) acknowledged.push(...(await writeAndKill(writer, dataDir, round)))
    const database = await openDatabase({ databaseUrl: null, databasePoolMax: 1, dataDir }, { logger: silentLogger })
    const rows = await database.kysely.selectFrom('settings').select(['key', 'value']).execute()
    await database.close()
    const stored = new Set(rows.map((row) => row.key))
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * ACKNOWLEDGED_BEFORE_KILL)
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    // Of the pairs that one transaction writes, never one half alone.
    const pairs = rows.filter((row) => row.key.endsWith(':pair'))
    expect(pairs.length).toBeGreaterThan(KILLS)
    expect(pairs.filter((row) => !stored.has(row.key.replace(':pair', ':twin')))).toEqual([])
  } finally {
    await rm(writer, { force: true })
    await rm(dataDir, { recursive: true, force: true })
  }
}, 180_000)

test('a first start that was killed half-way leaves nothing in the way of the next', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-first-start-'))
  const writer = await buildWriter()
  try {
    const child = fork(writer, [dataDir, 'first-start'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const exited = once(child, 'exit')
    await once(child, 'message')
    child.kill('SIGKILL')
    await exited
    const database = await openDatabase({ databaseUrl: null, databasePoolMax: 1, dataDir }, { logger: silentLogger })
    expect(await database.ping(5000)).toBe(true)
    await database.close()
  } finally {
    await rm(writer, { force: true })
    // The process that makes the folder may outlive the one that was killed by a moment.
    await rm(dataDir, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
}, 180_000)
