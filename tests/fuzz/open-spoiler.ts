import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Spoil } from './fuzz-api.ts'

export interface Spoiler {
  /** Where to ask instead of the server. */
  url: string
  close(): Promise<void>
}

const spoiled: Record<Exclude<Spoil, 'none'>, { status: number; body: string }> = {
  schema: { status: 200, body: JSON.stringify({ agents: 7 }) },
  status: { status: 500, body: JSON.stringify({ error: { code: 'internal', message: 'broken', requestId: 'r' } }) },
}

/** Stands before the server and answers for `GET /api/agents` as no server of ours may: whoever fuzzes must find it. */
export async function openSpoiler(target: string, spoil: Spoil): Promise<Spoiler> {
  if (spoil === 'none') return { url: target, close: () => Promise.resolve() }
  const { status, body } = spoiled[spoil]

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET' && request.url === '/api/agents') {
      request.resume()
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body)
      return
    }
    const { method, headers } = request
    const upstream = httpRequest(new URL(request.url ?? '/', target), { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(response)
    })
    upstream.on('error', () => response.destroy())
    request.pipe(upstream)
  }

  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
