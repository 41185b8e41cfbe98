import { randomUUID } from 'node:crypto'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createChatClient, readAnswer, type ChatClient } from '../../support/chat-client.ts'
import { openS3Server, type S3Server } from '../../support/s3-server.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'
import { createPng } from './upload-bytes.ts'

let simulator: Simulator
let bucket: S3Server
let server: TestServer
let client: ChatClient

const question = '[[sim tokens=3 gap=0 ttft=0]] look'
const picture = createPng(40)

beforeAll(async () => {
  simulator = await openSimulator()
  bucket = await openS3Server()
  server = await startServer({
    agents: toTestAgents(simulator),
    env: {
      ...toOutboundEnv(simulator),
      UPLOAD_STORE: 's3',
      S3_ENDPOINT: bucket.config.endpoint,
      S3_BUCKET: bucket.config.bucket,
      S3_REGION: bucket.config.region,
      S3_ACCESS_KEY_ID: bucket.config.accessKeyId,
      S3_SECRET_ACCESS_KEY: bucket.config.secretAccessKey,
    },
  })
  client = createChatClient(server)
})
afterAll(async () => {
  await server.close()
  await bucket.close()
  await simulator.close()
})

async function ask(sessionId: string, files: { url: string }[]) {
  return readAnswer(await client.send(question, { agentId: 'openai', sessionId, files }))
}

it('a file goes into the bucket, to the agent, back to its owner, and away with its chat', async () => {
  const upload = await client.upload('a.png', picture)
  expect(await bucket.countFiles()).toBe(1)
  const sessionId = randomUUID()
  expect((await ask(sessionId, [upload])).delivery.state).toBe('complete')
  expect(simulator.files()).toMatchObject([{ mediaType: 'image/png', sizeBytes: picture.length }])
  expect(Buffer.from(await (await client.get(upload.url)).arrayBuffer()).equals(picture)).toBe(true)
  await fetch(`${server.url}/api/chat/sessions/${sessionId}`, { method: 'DELETE', headers: client.headers })
  await expect.poll(() => bucket.countFiles(), { timeout: 25_000 }).toBe(0)
})

it('where the bucket is away files are refused, and chats go on without them', async () => {
  const kept = await client.upload('b.png', picture)
  await bucket.kill()
  await expect(client.upload('c.png', picture)).rejects.toThrow('file_store_unavailable')
  expect((await client.get(kept.url)).status).toBe(503)
  expect((await ask(randomUUID(), [kept])).delivery).toMatchObject({ state: 'failed', code: 'file_store_unavailable' })
  expect((await ask(randomUUID(), [])).delivery.state).toBe('complete')
  // Looked at once in ten seconds.
  const findStatus = async () => ((await (await client.get('/health')).json()) as { status: string }).status
  await expect.poll(findStatus, { timeout: 25_000 }).toBe('degraded')
})
