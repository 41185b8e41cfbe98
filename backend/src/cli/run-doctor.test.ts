import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { containing } from '../../../tests/support/containing.ts'
import { createTestDataDir } from '../../../tests/support/open-test-database.ts'
import { silentLogger } from '../../../tests/support/silent-logger.ts'
import { createConfig } from '../config/create-config.ts'
import { getSecretKey, toSecretKeyPath } from '../data-dir/get-secret-key.ts'
import { toLockPath } from '../data-dir/lock-file.ts'
import { checkNode } from './check-machine.ts'
import { runDoctor } from './run-doctor.ts'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'llmchat-doctor-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function examine(changes: Record<string, string> = {}) {
  const config = createConfig({ DATA_DIR: dataDir, PORT: '0', ...changes })
  return runDoctor({ config, logger: silentLogger, nodeVersion: process.version })
}

async function takePort(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

describe('doctor', () => {
  test('finds nothing wrong on a bare machine, and leaves nothing behind', async () => {
    const result = await examine()
    expect(result).toMatchObject({ exitCode: 0, output: containing('Nothing is wrong.') })
    expect(readdirSync(dataDir)).toEqual([])
  })

  test('finds nothing wrong with a database that nobody uses', async () => {
    rmSync(dataDir, { recursive: true })
    dataDir = await createTestDataDir()
    getSecretKey({ secretKey: null, dataDir })
    const { exitCode, output } = await examine()
    expect(output).toMatch(/ok +schema: up to date/)
    expect(output).toMatch(/ok +search: finds Chinese/)
    expect(output).toMatch(/ok +agents/)
    expect(exitCode).toBe(0)
  })

  test('finds a secret key that others can read, and one that is gone', async () => {
    getSecretKey({ secretKey: null, dataDir })
    chmodSync(toSecretKeyPath(dataDir), 0o644)
    const open = await examine()
    expect(open).toMatchObject({ exitCode: 1, output: containing('chmod 600') })

    rmSync(dataDir, { recursive: true })
    dataDir = await createTestDataDir()
    const gone = await examine()
    expect(gone).toMatchObject({ exitCode: 1, output: containing('missing although there is a database') })
    expect(readdirSync(dataDir)).toEqual(['database'])
  })

  test('finds a port that something else has', async () => {
    const { server, port } = await takePort()
    const result = await examine({ PORT: String(port) })
    server.close()
    expect(result.exitCode).toBe(1)
    expect(result.output).toContain(`PROBLEM port ${String(port)}: taken, and no answer of ours`)
  })

  test('finds an address that is not of this machine', async () => {
    const result = await examine({ HOST: '192.0.2.1', LLMCHAT_MODE: 'embedded' })
    expect(result).toMatchObject({ exitCode: 1, output: containing('EADDRNOTAVAIL') })
  })

  test('finds a PostgreSQL that does not answer', async () => {
    const { server, port } = await takePort()
    const result = await examine({
      LLMCHAT_MODE: 'embedded',
      DATABASE_URL: `postgresql://127.0.0.1:${String(port)}/x`,
      SECRET_KEY: '0123456789'.repeat(4),
    })
    server.close()
    expect(result).toMatchObject({ exitCode: 1, output: containing('PROBLEM database: does not answer') })
  })

  test('finds uploads that have no place', async () => {
    const folder = join(dataDir, 'file')
    writeFileSync(folder, '')
    const noFolder = await examine({ UPLOAD_FOLDER: folder })
    expect(noFolder).toMatchObject({ exitCode: 1, output: containing(`PROBLEM file store: ${folder} is not writable`) })

    const { server, port } = await takePort()
    const bucket = {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: 'files',
      S3_ACCESS_KEY_ID: 'a',
      S3_SECRET_ACCESS_KEY: 'b',
    }
    const noBucket = await examine({ UPLOAD_STORE: 's3', ...bucket })
    server.close()
    expect(noBucket).toMatchObject({ exitCode: 1, output: containing('PROBLEM file store: bucket files at') })
  })

  test('finds a damaged lock', async () => {
    writeFileSync(toLockPath(dataDir), '')
    expect(await examine()).toMatchObject({ exitCode: 1, output: containing('delete that file') })
  })

  test('finds an old Node', () => {
    expect(checkNode('v20.18.3')).toMatchObject({ isOk: false, advice: containing('20.19') })
    for (const version of ['v20.19.0', 'v20.20.2', 'v22.1.0']) expect(checkNode(version).isOk).toBe(true)
  })
})
