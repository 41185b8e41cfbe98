import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An upstream in the OpenAI dialect that says what it is told: whatever text a test wants as an answer. */
export interface EchoUpstream {
  baseUrl: string
  host: string
  close(): void
}

interface ChatBody {
  messages: { role: string; content: unknown }[]
}

export async function openEchoUpstream(): Promise<EchoUpstream> {
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const text = toText(body.messages.at(-1)?.content)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      // In pieces, so that what is drawn half-way is looked at, too.
      for (const content of text.match(/[\s\S]{1,7}/g) ?? []) write({ content }, null)
      write({}, 'stop')
      response.end('data: [DONE]\n\n')
    })
    function write(delta: object, finishReason: string | null): void {
      const choices = [{ index: 0, delta, finish_reason: finishReason }]
      response.write(`data: ${JSON.stringify({ id: 'echo', object: 'chat.completion.chunk', choices })}\n\n`)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    baseUrl: `http://${host}/v1`,
    host,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function readJson(request: IncomingMessage): Promise<ChatBody> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text) as ChatBody
}

function toText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: unknown) => (isText(part) ? part.text : '')).join('')
}

function isText(part: unknown): part is { text: string } {
  return typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
}
