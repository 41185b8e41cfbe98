import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createChatClient, readAnswer, type ChatClient } from '../../support/chat-client.ts'
import { openCluster, type Cluster } from '../../support/cluster/open-cluster.ts'
import { openSimulatorProcess, type SimulatorProcess } from '../../support/cluster/simulator-process.ts'
import { toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'
import { createPng } from './upload-bytes.ts'

let simulator: SimulatorProcess
let cluster: Cluster
let folder: string
let database: pg.Pool

beforeAll(async () => {
  simulator = await openSimulatorProcess()
  folder = await mkdtemp(join(tmpdir(), 'llmchat-shared-'))
  cluster = await openCluster({
    instances: 2,
    env: {
      ...toOutboundEnv(simulator),
      RATE_LIMIT_PER_MINUTE: '0',
      GENERATION_OVERLOAD_DELAY_MS: '20000',
      UPLOAD_FOLDER: folder,
    },
    agents: toTestAgents(simulator),
  })
  database = new pg.Pool({ connectionString: cluster.databaseUrl, max: 1 })
})
afterAll(async () => {
  await database.end()
  await cluster.close()
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

function getInstance(index: number) {
  return cluster.instances[index] ?? expect.fail('no instance')
}

function getClient(index: number): ChatClient {
  return createChatClient({ url: getInstance(index).url, apiKey: cluster.apiKey })
}

async function countFiles(): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).length
}

/** A picture with so many bytes behind it. */
function createLargePng(extraBytes: number): Buffer {
  return Buffer.concat([createPng(20), randomBytes(extraBytes)])
}

it('what one instance took another one reads, asks with and deletes', async () => {
  const picture = createPng(30)
  const upload = await getClient(0).upload('a.png', picture)
  const read = await getClient(1).get(upload.url)
  expect(Buffer.from(await read.arrayBuffer()).equals(picture)).toBe(true)
  const sessionId = randomUUID()
  const asked = await getClient(1).send('[[sim tokens=3 gap=0]]', { agentId: 'openai', sessionId, files: [upload] })
  expect((await readAnswer(asked)).delivery.state).toBe('complete')
  const { headers } = getClient(0)
  const path = `/api/chat/sessions/${sessionId}`
  expect((await fetch(getInstance(0).url + path, { method: 'DELETE', headers })).status).toBe(204)
  expect((await getClient(1).get(upload.url)).status).toBe(404)
  await expect.poll(countFiles, { timeout: 25_000 }).toBe(0)
})

it('a file that is larger than any other request goes through nginx, and one that is too large does not', async () => {
  const client = createChatClient({ url: cluster.url, apiKey: cluster.apiKey })
  const large = createLargePng(15_000_000)
  const upload = await client.upload('large.png', large)
  const back = Buffer.from(await (await client.get(upload.url)).arrayBuffer())
  const toHash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  expect(toHash(back)).toBe(toHash(large))
  await expect(client.upload('larger.png', createLargePng(21_000_000))).rejects.toThrow('upload_too_large')
})

it('an instance that dies with a file in hand leaves it to the others to clear away', async () => {
  const before = await countFiles()
  const half = request(`${getInstance(0).url}/api/uploads`, {
    method: 'POST',
    headers: { ...getClient(0).headers, 'content-type': 'application/octet-stream', 'content-length': 500_000 },
  })
  const broken = new Promise((resolve) => half.once('error', resolve))
  half.write(Buffer.alloc(100_000, 'a'))
  await expect.poll(countFiles).toBe(before + 1)
  await getInstance(0).kill('SIGKILL')
  await broken
  const { rows } = await database.query<{ id: string }>('SELECT id FROM attachments WHERE NOT is_ready')
  expect(rows).toHaveLength(1)
  expect((await getClient(1).get(`/api/uploads/${rows[0]?.id ?? ''}`)).status).toBe(404)
  // A day later.
  await database.query("UPDATE attachments SET created_at = created_at - interval '25 hours' WHERE NOT is_ready")
  await expect.poll(countFiles, { timeout: 25_000 }).toBe(before)
  expect((await database.query('SELECT FROM upload_removals')).rowCount).toBe(0)
})
