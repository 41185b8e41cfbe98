import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { containing } from '../../../tests/support/containing.ts'
import { createTestDataDir } from '../../../tests/support/open-test-database.ts'
import { openApp } from '../app.ts'
import { createConfig, type Environment } from '../config/create-config.ts'
import { findDataDirHolder, lockDataDir } from '../data-dir/lock-data-dir.ts'
import { createCommandRunner } from './commands.ts'
import { runCli } from './run-cli.ts'

/** Every command opens the database, which takes its time on a busy machine. */
const MANY_COMMANDS_MS = 180_000

let dataDir = ''
let environment: Environment = {}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'llmchat-cli-'))
  environment = { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', DEMO_AGENTS: 'off', OLLAMA_HOST: '127.0.0.1:1' }
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

async function run(words: string[], changes: Environment = {}) {
  let out = ''
  let error = ''
  const exitCode = await runCli(
    {
      environment: { ...environment, ...changes },
      nodeVersion: process.version,
      writeOut: (text) => (out += text),
      writeError: (text) => (error += text),
      runServer: () => Promise.resolve(7),
    },
    words,
  )
  return { exitCode, out, error }
}

const createAdmin = ['create-admin', '--email', 'Root@b.example', '--password', 'a long password']
const createKey = ['create-api-key', '--email', 'root@b.example', '--name', 'CI']

function writeAgents(key: string): string {
  const path = join(dataDir, 'agents.json')
  const agents = [{ id: 'one', name: 'One', provider: 'openai', baseUrl: 'http://10.255.255.1/v1', apiKey: key }]
  writeFileSync(path, JSON.stringify({ agents }))
  return path
}

/** Puts a database in place, which is faster than having one made. */
async function copyDatabase(): Promise<void> {
  const source = await createTestDataDir()
  renameSync(join(source, 'database'), join(dataDir, 'database'))
  rmSync(source, { recursive: true })
}

/** Everything an operator does before people come, in the order of the handbook. */
async function expectCommandsToWork(): Promise<void> {
  expect(await run(createKey)).toEqual({ exitCode: 1, out: '', error: 'There is no user root@b.example.\n' })
  expect(await run(['migrate'])).toEqual({ exitCode: 0, out: 'The schema is up to date.\n', error: '' })
  expect(await run(createAdmin)).toEqual({ exitCode: 0, out: 'Made the administrator root@b.example.\n', error: '' })
  expect(await run(createAdmin)).toEqual({
    exitCode: 1,
    out: '',
    error: 'There is already a user root@b.example.\n',
  })
  const key = await run(createKey)
  expect(key).toMatchObject({ exitCode: 0, error: '' })
  expect(key.out).toMatch(/^lc_[0-9A-Za-z]{43}\n$/)
  const file = writeAgents('${TEST_KEY}')
  expect(await run(['agents', 'import', file])).toMatchObject({
    exitCode: 1,
    out: '',
    error: containing('agents[0] "one": the environment variable TEST_KEY is not set'),
  })
  const variables = { TEST_KEY: 'k '.repeat(10) }
  expect(await run(['agents', 'import', file], variables)).toEqual({ exitCode: 0, out: 'Made: one\n', error: '' })
  expect(await run(['agents', 'import', file], variables)).toMatchObject({ out: 'Updated: one\n' })
}

describe('llmchat', () => {
  test(
    'works on the database itself before the first start',
    async () => {
      await copyDatabase()
      await expectCommandsToWork()
      expect(findDataDirHolder(dataDir)).toBeNull()
    },
    MANY_COMMANDS_MS,
  )

  test(
    'works through the server while one runs on the data folder',
    async () => {
      await copyDatabase()
      const config = createConfig(environment)
      const app = await openApp({ config, lock: lockDataDir(dataDir), createCommandRunner })
      try {
        await expectCommandsToWork()
        const doctor = await run(['doctor'])
        expect(doctor.out).toContain('our server answers')
        expect(doctor.out).toContain('PROBLEM agent one: This upstream address is not allowed.')
        expect(doctor.out).toContain('OUTBOUND_ALLOWED_HOSTS')
        expect(doctor.exitCode).toBe(1)
      } finally {
        await app.close()
      }
    },
    MANY_COMMANDS_MS,
  )

  test(
    'makes everything on a machine where nothing was before',
    async () => {
      const result = await run(createAdmin, { DATA_DIR: join(dataDir, 'new') })
      expect(result).toEqual({ exitCode: 0, out: 'Made the administrator root@b.example.\n', error: '' })
    },
    MANY_COMMANDS_MS,
  )

  test('says so when another process holds the folder and does not listen', async () => {
    lockDataDir(dataDir)
    const result = await run(createAdmin)
    expect(result).toMatchObject({ exitCode: 1, out: '', error: containing('does not listen yet') })
  })

  test('says so when the one that holds the folder does not answer', async () => {
    lockDataDir(dataDir).setPort(1)
    expect(await run(createKey)).toMatchObject({ exitCode: 1, out: '', error: containing('on port 1') })
  })

  test('reports wrong settings, and every one of them', async () => {
    const result = await run(['migrate'], { PORT: 'x', HEARTBEAT_MS: '-1' })
    expect(result).toMatchObject({ exitCode: 1, out: '' })
    expect(result.error).toContain('PORT must be')
    expect(result.error).toContain('HEARTBEAT_MS must be')
  })

  test('writes help and version to standard output, and misunderstandings to standard error', async () => {
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(await run(['--help'])).toMatchObject({
      exitCode: 0,
      out: containing('create-api-key'),
      error: '',
    })
    expect(await run(['nonsense'])).toMatchObject({ exitCode: 2, out: '', error: containing('unknown') })
  })

  test('serves, and ends with the server’s exit code', async () => {
    expect(await run(['serve'])).toEqual({ exitCode: 7, out: '', error: '' })
  })
})
