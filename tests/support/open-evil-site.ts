import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Another origin: it serves what a test puts there, and notes who calls. */
export interface EvilSite {
  /** 127.0.0.1 with another port: the same site as ours by the browsers' reckoning, so cookies come along. */
  origin: string
  /** The same by the name localhost: another site. */
  foreignOrigin: string
  host: string
  /** `METHOD /path` of every request. */
  calls: string[]
  /** What `/page` is. */
  setPage(html: string): void
  close(): void
}

export async function openEvilSite(): Promise<EvilSite> {
  const calls: string[] = []
  let page = ''
  const server = createServer((request, response) => {
    if (request.url === '/page') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
      return
    }
    if (request.url !== '/favicon.ico') calls.push(`${request.method ?? ''} ${request.url ?? ''}`)
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('window.hasRun = true')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = String((server.address() as AddressInfo).port)
  return {
    origin: `http://127.0.0.1:${port}`,
    foreignOrigin: `http://localhost:${port}`,
    host: `127.0.0.1:${port}`,
    calls,
    setPage(html) {
      page = `<!doctype html><meta charset="utf-8"><title>evil</title>${html}`
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
