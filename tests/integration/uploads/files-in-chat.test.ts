import { createHash, randomUUID } from 'node:crypto'
import type { MessagePart } from '@llmchat/protocol/message-part'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createChatClient, readAnswer, type ChatClient } from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { providers, toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'
import { createPdf, createPng } from './upload-bytes.ts'

let simulator: Simulator
let server: TestServer
let client: ChatClient

const question = '[[sim tokens=5 gap=0 ttft=0]] what is this?'
const picture = createPng(60)

/** The key carries what becomes of files that are put up. */
function toUploadAgents(upload: string): object[] {
  const common = { takesImages: true, takesFiles: true }
  return [
    { id: `dify-${upload}`, provider: 'dify', apiKey: `app-sim:upload=${upload}` },
    { id: `fastgpt-${upload}`, provider: 'fastgpt', apiKey: `fastgpt-sim:upload=${upload}`, appId: 'app1' },
  ].map((agent) => ({
    ...common,
    ...agent,
    name: agent.id,
    baseUrl: simulator.baseUrl(agent.provider as 'dify' | 'fastgpt'),
  }))
}

beforeAll(async () => {
  simulator = await openSimulator()
  const others = ['form', 'too-large', 'fail-once', 'stall'].flatMap(toUploadAgents)
  server = await startServer({
    agents: [...toTestAgents(simulator), ...others],
    env: { ...toOutboundEnv(simulator), UPLOAD_MAX_TEXT_CHARS: '1000' },
  })
  client = createChatClient(server)
})
afterAll(async () => {
  await server.close()
  await simulator.close()
})
beforeEach(() => simulator.reset())

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function ask(options: Parameters<ChatClient['send']>[1], text = question) {
  const sessionId = options?.sessionId ?? randomUUID()
  const answer = await readAnswer(await client.send(text, { ...options, sessionId }))
  return { sessionId, answer }
}

async function listFileParts(sessionId: string): Promise<MessagePart[][]> {
  const { messages } = await client.messages(sessionId)
  return messages.filter(({ role }) => role === 'user').map(({ parts }) => parts.filter(({ type }) => type === 'file'))
}

async function refuse(options: Parameters<ChatClient['send']>[1], text = question): Promise<string> {
  const response = await client.send(text, options)
  return ((await response.json()) as { error: { code: string } }).error.code
}

/** What the newest question said in words, whatever its protocol. */
function toSaid(): string {
  return JSON.stringify(simulator.requests().at(-1)?.body)
}

describe.each(providers)('%s', (agentId) => {
  it('sees a picture byte for byte, and it stays with the question', async () => {
    const upload = await client.upload('图.png', picture)
    const { sessionId, answer } = await ask({ agentId, files: [upload] })
    expect(answer.delivery.state).toBe('complete')
    expect(simulator.files()).toMatchObject([
      { provider: agentId, mediaType: 'image/png', sizeBytes: picture.length, sha256: hash(picture) },
    ])
    expect(await listFileParts(sessionId)).toEqual([
      [
        {
          type: 'file',
          id: upload.id,
          name: '图.png',
          mediaType: 'image/png',
          sizeBytes: picture.length,
          url: upload.url,
        },
      ],
    ])
  })

  it('reads a text file as part of the question, cut where it is too long', async () => {
    const short = await client.upload('notes.md', '# 第一\nkiwi')
    const long = await client.upload('long.txt', `${'x'.repeat(999)}Y${'z'.repeat(500)}`)
    await ask({ agentId, files: [short, long] })
    expect(toSaid()).toContain('[File \\"notes.md\\"]\\n# 第一\\nkiwi\\n[End of file \\"notes.md\\"]')
    expect(toSaid()).toContain('only the first 1000 of 1500 characters')
    expect(toSaid()).toContain('x…')
    expect(toSaid()).not.toContain('zz')
    expect(simulator.files()).toEqual([])
  })

  it('is told of a picture alone, without a word', async () => {
    const upload = await client.upload('a.png', picture)
    const { answer } = await ask({ agentId, files: [upload] }, '')
    expect(answer.delivery.state).toBe('complete')
    expect(simulator.files()).toHaveLength(1)
  })
})

describe('files that are neither pictures nor text', () => {
  const pdf = createPdf('quarter')

  it.each(['openai', 'openai-responses', 'anthropic', 'fastgpt', 'dify'])('a PDF reaches %s', async (agentId) => {
    await ask({ agentId, files: [await client.upload('q.pdf', pdf)] })
    expect(simulator.files()).toMatchObject([{ mediaType: 'application/pdf', sha256: hash(pdf) }])
  })

  it('a PDF reaches a FastGPT of the time when it gave forms', async () => {
    await ask({ agentId: 'fastgpt-form', files: [await client.upload('季度 q.pdf', pdf)] })
    expect(simulator.files()).toMatchObject([{ name: '季度 q.pdf', mediaType: 'application/pdf', sha256: hash(pdf) }])
  })
})

describe('what an agent does not take', () => {
  it('is refused before anything is accepted', async () => {
    const sessionId = randomUUID()
    const files = [await client.upload('a.png', picture)]
    expect(await refuse({ agentId: 'prefill', files, sessionId })).toBe('images_not_taken')
    expect(await refuse({ agentId: 'prefill', files: [await client.upload('a.pdf', createPdf('x'))] })).toBe(
      'files_not_taken',
    )
    expect((await client.get(`/api/chat/sessions/${sessionId}`)).status).toBe(404)
    // The file was not used up by it.
    expect((await ask({ agentId: 'openai', files })).answer.delivery.state).toBe('complete')
  })

  it('is named to it where another agent was asked before', async () => {
    const { sessionId } = await ask({ agentId: 'openai', files: [await client.upload('cat.png', picture)] })
    const { answer } = await ask({ agentId: 'prefill', sessionId }, `${question} and now?`)
    expect(answer.delivery.state).toBe('complete')
    expect(toSaid()).toContain('[cat.png: not shown to you]')
    expect(simulator.files()).toHaveLength(1)
  })
})

describe('the history', () => {
  it('shows earlier pictures again to an agent that remembers nothing', async () => {
    const { sessionId } = await ask({ agentId: 'openai', files: [await client.upload('a.png', picture)] })
    await ask({ agentId: 'openai', sessionId }, `${question} and now?`)
    expect(simulator.files().map(({ sha256 }) => sha256)).toEqual([hash(picture), hash(picture)])
  })

  it.each(['dify', 'fastgpt'])('does not put them up again where %s remembers', async (agentId) => {
    const { sessionId } = await ask({ agentId, files: [await client.upload('a.png', picture)] })
    await ask({ agentId, sessionId }, `${question} and now?`)
    expect(simulator.files()).toHaveLength(1)
  })
})

describe('sent again, edited, answered again', () => {
  it('the same question with the same files is the same, with others it is not', async () => {
    const files = [await client.upload('a.png', picture)]
    const messageId = randomUUID()
    const { sessionId } = await ask({ agentId: 'openai', files, messageId })
    await ask({ agentId: 'openai', files, messageId, sessionId })
    expect(simulator.files()).toHaveLength(1)
    expect(await refuse({ agentId: 'openai', messageId, sessionId })).toBe('message_id_conflict')
  })

  it('an edit may keep them, and both have them then', async () => {
    const upload = await client.upload('a.png', picture)
    const messageId = randomUUID()
    const { sessionId } = await ask({ agentId: 'openai', files: [upload], messageId })
    await ask({ agentId: 'openai', files: [upload], sessionId, editOf: messageId }, `${question} really?`)
    await ask({ agentId: 'openai', files: [], sessionId, editOf: messageId }, `${question} without?`)
    const parts = await listFileParts(sessionId)
    expect(parts.map((files) => files.length)).toEqual([1, 1, 0])
  })

  it('an answer made again is made from them', async () => {
    const { sessionId } = await ask({ agentId: 'openai', files: [await client.upload('a.png', picture)] })
    const body = { id: sessionId, trigger: 'regenerate-message', messages: [] }
    await readAnswer(await client.post('/api/chat', body))
    expect(simulator.files()).toHaveLength(2)
  })
})

describe('what is refused', () => {
  it.each([
    ['a file that is not there', `/api/uploads/${randomUUID()}`, 'upload_not_found'],
    ['a file from elsewhere', 'https://example.com/a.png', 'invalid_request'],
    ['bytes in the message', 'data:image/png;base64,AAAA', 'invalid_request'],
  ])('%s', async (_what, url, code) => {
    expect(await refuse({ agentId: 'openai', files: [{ url }] })).toBe(code)
  })

  it('more files than one message may have', async () => {
    const files = await Promise.all(Array.from({ length: 11 }, (_, index) => client.upload(`${index}.txt`, 'x')))
    expect(await refuse({ agentId: 'openai', files })).toBe('too_many_files')
    expect((await ask({ agentId: 'openai', files: files.slice(1) })).answer.delivery.state).toBe('complete')
  })

  it('more bytes than one request to the agent may carry', async () => {
    const large = await Promise.all(['a', 'b'].map((name) => client.upload(`${name}.pdf`, createPdf(name, 11_000_000))))
    expect(await refuse({ agentId: 'anthropic', files: large })).toBe('files_too_large')
    expect((await ask({ agentId: 'anthropic', files: large.slice(1) })).answer.delivery.state).toBe('complete')
    // This one is given them one by one.
    expect((await ask({ agentId: 'dify', files: large })).answer.delivery.state).toBe('complete')
  })

  it('the deletion of what was sent, until its chat is deleted', async () => {
    const upload = await client.upload('a.png', picture)
    const { sessionId } = await ask({ agentId: 'openai', files: [upload] })
    const refused = await fetch(server.url + upload.url, { method: 'DELETE', headers: client.headers })
    expect(await refused.json()).toMatchObject({ error: { code: 'upload_in_use' } })
    expect((await client.get(upload.url)).status).toBe(200)
    await fetch(`${server.url}/api/chat/sessions/${sessionId}`, { method: 'DELETE', headers: client.headers })
    expect((await client.get(upload.url)).status).toBe(404)
  })
})

describe('an upstream that does not take the file', () => {
  it.each(['dify', 'fastgpt'])('%s refuses it: a failed answer, the question kept', async (provider) => {
    const { sessionId, answer } = await ask({
      agentId: `${provider}-too-large`,
      files: [await client.upload('a.png', picture)],
    })
    expect(answer.delivery).toMatchObject({ state: 'failed', code: 'upstream_rejected' })
    expect(await listFileParts(sessionId)).toHaveLength(1)
  })

  it.each(['dify', 'fastgpt'])('%s fails once: it is put up again', async (provider) => {
    const { answer } = await ask({ agentId: `${provider}-fail-once`, files: [await client.upload('a.png', picture)] })
    expect(answer.delivery.state).toBe('complete')
    expect(simulator.files()).toHaveLength(1)
  })

  it.each(['dify', 'fastgpt'])('%s does not answer: Stop ends it at once', async (provider) => {
    const sessionId = randomUUID()
    const files = [await client.upload('a.png', picture)]
    const answer = client.send(question, { agentId: `${provider}-stall`, files, sessionId }).then(readAnswer)
    await expect.poll(() => simulator.counters().providers[provider as 'dify'].otherRequests).toBeGreaterThan(0)
    const startMs = performance.now()
    await client.stop(sessionId)
    expect((await answer).delivery).toMatchObject({ state: 'stopped' })
    expect(performance.now() - startMs).toBeLessThan(1_000)
  })
})
