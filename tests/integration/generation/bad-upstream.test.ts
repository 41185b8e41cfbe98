import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import { toPlainText } from '@llmchat/protocol/message-part'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChatClient, readAnswer, type ChatClient } from '../../support/chat-client.ts'
import { startServer, type TestServer } from '../../support/start-server.ts'
import { toOutboundEnv, toTestAgents } from '../../support/test-agents.ts'

let simulator: Simulator
let server: TestServer
let client: ChatClient
let webPage: Server

beforeAll(async () => {
  simulator = await openSimulator()
  webPage = createServer((_request, response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>Bad Gateway</h1><script>1</script></html>')
  }).listen(0, '127.0.0.1')
  await once(webPage, 'listening')
  const { port } = webPage.address() as AddressInfo
  const html = {
    id: 'html',
    name: 'Html',
    provider: 'openai',
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey: 'x',
    model: 'm',
  }
  const outbound = toOutboundEnv(simulator)
  server = await startServer({
    agents: [...toTestAgents(simulator), html],
    env: {
      OUTBOUND_ALLOWED_HOSTS: `${outbound['OUTBOUND_ALLOWED_HOSTS'] ?? ''},127.0.0.1:${port}`,
      GENERATION_IDLE_MS: '1000',
      GENERATION_FIRST_CONTENT_MS: '1500',
      // One agent meets all the faults here; no circuit and no budget shall get between.
      GENERATION_BREAKER_FAILURES: '1000',
      GENERATION_RETRY_FLOOR: '1000',
    },
  })
  client = createChatClient(server)
})
afterAll(async () => {
  await server.close()
  await simulator.close()
  webPage.close()
})

async function ask(text: string, agentId = 'openai') {
  const sessionId = randomUUID()
  const answer = await readAnswer(await client.send(text, { agentId, sessionId }))
  const stored = (await client.messages(sessionId)).messages
  return { answer, stored }
}

describe('an upstream that fails', () => {
  it.each([
    ['fault=status=401', 'upstream_auth'],
    ['fault=context-too-long', 'upstream_context_too_long'],
    ['fault=status=500', 'upstream_failed'],
    ['fault=no-response', 'upstream_no_content'],
    ['fault=no-first-token', 'upstream_no_content'],
    ['fault=cut@0', 'upstream_truncated'],
  ])('before any content fails with a code, and keeps the question: %s', async (plan, code) => {
    const agentId = code === 'upstream_auth' ? 'refused' : 'openai'
    const { answer, stored } = await ask(`[[sim tokens=20 gap=1 ttft=1 ${plan}]]`, agentId)
    expect(answer.delivery).toMatchObject({ state: 'failed', code })
    expect(stored[0]?.role).toBe('user')
    expect(stored[1]?.delivery).toMatchObject({ state: 'failed', code })
  })

  it.each([
    ['fault=cut@8', 'truncated'],
    ['fault=reset@8', 'truncated'],
    ['fault=stall@8', 'upstream-error'],
    ['fault=stall-keepalive@8', 'upstream-error'],
    ['fault=error@8', 'upstream-error'],
    ['fault=malformed@8', 'upstream-error'],
  ])('after content is an interruption that keeps what was shown: %s', async (plan, reason) => {
    const { answer, stored } = await ask(`[[sim tokens=20 gap=1 ttft=1 seed=21 ${plan}]]`)
    expect(answer.delivery).toMatchObject({ state: 'interrupted', reason })
    const text = toPlainText(stored[1]?.parts ?? [])
    expect(text).toBe(toPlainText(answer.parts))
    expect(text).not.toBe('')
    expect(toSimulatedText({ seed: 21, tokens: 20 }).startsWith(text)).toBe(true)
  })

  it.each(['fault=status=429;retry-after=1 times=1', 'fault=status=500 times=1', 'fault=reset-before-headers times=1'])(
    'once is asked again unseen: %s',
    async (plan) => {
      const { answer } = await ask(`[[sim tokens=20 gap=1 ttft=1 seed=22 ${plan}]]`)
      expect(answer.delivery.state).toBe('complete')
      expect(toPlainText(answer.parts)).toBe(toSimulatedText({ seed: 22, tokens: 20 }))
    },
  )

  it('that nobody answers for is unreachable', async () => {
    const { answer } = await ask('hello', 'dead')
    expect(answer.delivery).toMatchObject({ state: 'failed', code: 'upstream_unreachable' })
  })

  it('with an HTML page gives a code and no markup', async () => {
    const { answer } = await ask('hello', 'html')
    expect(answer.delivery).toMatchObject({ state: 'failed' })
    expect(JSON.stringify(answer.delivery)).not.toContain('<')
  })
})

describe('bad requests', () => {
  const userMessage = (text: string) => ({ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] })
  const good = () => ({ id: randomUUID(), messages: [userMessage('hi')] })

  it.each([
    ['an agent that is off', () => ({ ...good(), agentId: 'off' }), 409, 'agent_inactive'],
    ['an agent that is not there', () => ({ ...good(), agentId: 'none' }), 404, 'agent_not_found'],
    ['no text', () => ({ ...good(), messages: [userMessage(' ')] }), 400, 'invalid_request'],
    ['a bad id', () => ({ ...good(), id: '../x' }), 400, 'invalid_request'],
    ['a parent that is not there', () => ({ ...good(), parentId: 'none' }), 404, 'message_not_found'],
    ['nothing to answer again', () => ({ ...good(), trigger: 'regenerate-message' }), 404, 'chat_session_not_found'],
  ])('are told by code: %s', async (_name, toBody, status, code) => {
    const response = await client.post('/api/chat', toBody())
    expect(response.status).toBe(status)
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code)
  })

  it.each([
    ['GET', '/api/chat/none/stream', 404],
    ['POST', '/api/chat/none/stop', 404],
  ])('for a chat that is not theirs are 404: %s %s', async (method, path, status) => {
    const response = method === 'GET' ? await client.get(path) : await client.post(path, {})
    expect(response.status).toBe(status)
  })
})
