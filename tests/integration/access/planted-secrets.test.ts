import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createHttpClient,
  type HttpClient,
  type HttpReply,
  type HttpRequestOptions,
} from '../../support/create-http-client.ts'
import { createServerProcess, type ServerProcess } from '../../support/server-process.ts'
import { adminEmail, adminPassword, findFreePort } from '../../support/start-server.ts'

/** Each word is found nowhere else; what is planted twice is planted in different places. */
const planted = {
  secretKey: 'planted-installation-secret-0123456789abcdef',
  opsToken: 'planted-ops-token-0123456789abcdef',
  wrongPassword: 'planted-wrong-password',
  agentKey: 'sk-planted-agent-key',
  systemPrompt: 'planted-system-prompt',
  question: 'planted-question',
  title: 'planted-title',
  search: 'planted-search',
  comment: 'planted-comment',
  badJson: 'planted-bad-json',
  badField: 'planted-bad-field',
  bearer: 'lc_plantedbearer',
  header: 'planted-header',
  fileName: 'planted-file-name',
  fileText: 'planted-file-text',
}

let simulator: Simulator
let server: ServerProcess
let folder: string
let client: HttpClient
/** Bodies of everything that was answered with 400 or more. */
const errorBodies: string[] = []
/** What the server gave out, and only its owner may hold. */
const givenOut = new Map<string, string>()

async function ask(path: string, options: HttpRequestOptions = {}): Promise<HttpReply> {
  const reply = await client.request(path, options)
  if (reply.status >= 400) errorBodies.push(reply.text)
  return reply
}

async function askByKey(path: string, body: unknown): Promise<string> {
  const headers = { authorization: `Bearer ${givenOut.get('apiKey') ?? ''}`, 'content-type': 'application/json' }
  const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (response.status >= 400) errorBodies.push(text)
  return text
}

function toMessage(agentId: string, text: string): object {
  return { id: randomUUID(), agentId, messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }] }
}

beforeAll(async () => {
  simulator = await openSimulator()
  folder = await mkdtemp(join(tmpdir(), 'llmchat-planted-'))
  server = createServerProcess({
    port: await findFreePort(),
    logFile: join(folder, 'log'),
    env: {
      ...process.env,
      DATA_DIR: folder,
      LOG_LEVEL: 'debug',
      DEMO_AGENTS: '0',
      SECRET_KEY: planted.secretKey,
      OPS_TOKEN: planted.opsToken,
      OUTBOUND_ALLOWED_HOSTS: `${new URL(simulator.url).host},127.0.0.1:9`,
      GENERATION_OVERLOAD_DELAY_MS: '20000',
    },
  })
  await server.start()
  await server.cli('create-admin', '--email', adminEmail, '--password', adminPassword)
  client = createHttpClient(server.url)
})
afterAll(async () => {
  await server.kill('SIGKILL')
  await simulator.close()
  await rm(folder, { recursive: true, force: true })
})

async function signIn(): Promise<void> {
  await ask('/api/auth/login', { body: { email: adminEmail, password: planted.wrongPassword } })
  await ask('/api/auth/login', { body: { email: 'nobody@example.com', password: planted.wrongPassword } })
  const reply = await ask('/api/auth/login', { body: { email: adminEmail, password: adminPassword } })
  expect(reply.status).toBe(200)
  for (const [name, value] of client.cookies) givenOut.set(name, value)
  const made = await ask('/api/auth/api-keys', { body: { name: 'k', scopes: ['chat', 'read', 'admin'] } })
  givenOut.set('apiKey', (made.json() as { secret: string }).secret)
}

async function makeAgents(): Promise<void> {
  const common = {
    name: 'A',
    provider: 'openai',
    apiKey: planted.agentKey,
    systemPrompt: planted.systemPrompt,
    model: 'sim',
  }
  const working = { ...common, id: 'works', baseUrl: simulator.baseUrl('openai') }
  expect((await ask('/api/admin/agents', { body: working })).status).toBe(201)
  const dead = { ...common, id: 'dead', baseUrl: 'http://127.0.0.1:9/v1' }
  expect((await ask('/api/admin/agents', { body: dead })).status).toBe(201)
  // Refused by the schema (which names an unknown field to its sender, never a value), by the rules, by what is stored.
  await ask('/api/admin/agents', { body: { ...working, unknown: planted.badField } })
  await ask('/api/admin/agents', { body: { ...working, id: 'x', baseUrl: `not a url ${planted.agentKey}` } })
  await ask('/api/admin/agents', { body: working })
  await ask('/api/admin/agents/works', { method: 'PATCH', body: { baseUrl: 'https://elsewhere.example/v1' } })
  await ask('/api/admin/agents/works', { method: 'PATCH', body: { temperature: planted.agentKey } })
  for (const id of ['works', 'dead']) await ask(`/api/admin/agents/${id}/test`, { method: 'POST' })
}

async function sendFiles(): Promise<void> {
  const headers = { 'x-file-name': `${planted.fileName}.txt` }
  const { url } = (await ask('/api/uploads', { rawBody: planted.fileText, headers })).json() as { url: string }
  const question = { id: randomUUID(), role: 'user', parts: [{ type: 'file', url }] }
  const asked = (agentId: string) => ({ id: randomUUID(), agentId, messages: [{ ...question, id: randomUUID() }] })
  expect((await ask('/api/chat', { body: asked('works') })).text).toContain('"state":"complete"')
  await ask('/api/chat', { body: asked('dead') })
  await ask(url)
  await ask(url, { method: 'DELETE' })
  await ask('/api/uploads', { rawBody: `${planted.fileText}\0`, headers })
}

async function talk(): Promise<void> {
  const good = toMessage('works', planted.question)
  expect((await ask('/api/chat', { body: good })).text).toContain('"state":"complete"')
  expect((await ask('/api/chat', { body: toMessage('dead', planted.question) })).text).toContain('upstream_unreachable')
  const { id } = good as { id: string }
  await ask(`/api/chat/sessions/${id}`, { method: 'PATCH', body: { title: planted.title } })
  await ask(`/api/chat/sessions/search?q=${planted.search}`)
  await ask(`/api/chat/sessions/${id}/export?format=md`)
  await ask('/api/chat/feedback', { body: { messageId: 'none', rating: 'bad', comment: planted.comment } })
  const v1 = { model: 'works', messages: [{ role: 'user', content: planted.question }] }
  expect(await askByKey('/v1/chat/completions', v1)).toContain('chat.completion')
  await askByKey('/v1/chat/completions', { ...v1, model: 'dead' })
  await askByKey('/v1/chat/completions', { ...v1, n: 7 })
}

async function stumble(): Promise<void> {
  const json = { 'content-type': 'application/json' }
  await ask('/api/chat', { method: 'POST', rawBody: `{"${planted.badJson}`, headers: json })
  await ask('/api/chat', { body: { id: planted.badField.repeat(20), messages: [] } })
  await ask('/api/auth/me', { headers: { authorization: `Bearer ${planted.bearer}` } })
  const stranger = createHttpClient(server.url)
  const reply = await stranger.request('/api/auth/me', {
    headers: {
      authorization: `Bearer ${planted.bearer}`,
      'x-request-id': planted.header,
      'user-agent': planted.header,
    },
  })
  errorBodies.push(reply.text)
  await ask(`/api/nothing/${planted.search}?token=${planted.bearer}`)
  await ask('/api/admin/audit-logs?cursor=' + planted.search)
  await ask('/api/auth/set-up', {
    body: { token: planted.bearer, email: 'x@example.com', password: planted.wrongPassword },
  })
}

/** Whatever of `words` is in `text`. */
function findWords(text: string, words: Iterable<[string, string]>): string[] {
  return [...words].filter(([, word]) => text.includes(word)).map(([name]) => name)
}

test('nothing that was planted, and nothing that was given out, is in logs, errors, figures or the audit log', async () => {
  await signIn()
  await makeAgents()
  await talk()
  await sendFiles()
  await stumble()
  const metrics = await ask('/metrics')
  const audit = await ask('/api/admin/audit-logs/export?format=json')
  const log = await expect
    .poll(async () => readFile(join(folder, 'log'), 'utf8'))
    .toContain('/api/admin/audit-logs/export')
    .then(() => readFile(join(folder, 'log'), 'utf8'))

  const secrets = [...Object.entries(planted), ['password', adminPassword] as [string, string], ...givenOut]
  expect(findWords(log, secrets), 'log').toEqual([])
  expect(findWords(metrics.text, secrets), 'metrics').toEqual([])
  expect(findWords(audit.text, secrets), 'audit').toEqual([])
  expect(findWords(errorBodies.join('\n'), secrets), 'errors').toEqual([])

  // That all of this was really looked at: the acts are there, the errors came, the log is that of a talkative server.
  expect(errorBodies.length).toBeGreaterThanOrEqual(15)
  expect(log.split('\n').filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(25)
  expect(log).toContain('"level":20')
  expect(metrics.text).toContain('llmchat_http_requests_total')
  for (const action of [
    'login.failed',
    'login.succeeded',
    'agent.created',
    'agent.changed',
    'agent.tested',
    'chat.exported',
  ]) {
    expect(audit.text).toContain(`"action":"${action}"`)
  }
  expect(findWords(`before ${planted.agentKey} after`, secrets)).toEqual(['agentKey'])
})
