import { Agent } from 'undici'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import { createConnector, type LookupAll } from './create-connector.ts'
import { Exchange, toAbortError } from './exchange.ts'
import type { OutboundClient, OutboundReply, OutboundRequest, OutboundStream } from './outbound-client.ts'
import { createReadRhythm } from './read-rhythm.ts'
import type { UrlGuard } from './url-guard.ts'

interface OutboundClientDeps {
  urlGuard: UrlGuard
  logger: Logger
  /** The beat of reading, ms; see read-rhythm. Larger saves processor time, smaller shows tokens sooner. */
  gatherMs?: number
  /** Connections per origin. Requests beyond it wait for a free one. */
  maxConnections?: number
  /** How names become addresses. Default: the system's way. */
  lookup?: LookupAll
}

/** With 20 ms between tokens a beat of 25 ms costs more wake-ups than it saves; from 40 ms on it pays. */
const defaultGatherMs = 40
const connectTimeoutMs = 15_000

/** Opens the client: keep-alive pools per origin, HTTP/1.1, no redirects, no time limits but the caller's. */
export function createOutboundClient(deps: OutboundClientDeps): OutboundClient {
  const rhythm = createReadRhythm({ gatherMs: deps.gatherMs ?? defaultGatherMs })
  const agent = new Agent({
    connect: createConnector({ ...deps, rhythm, connectTimeoutMs }),
    connections: deps.maxConnections ?? 4096,
    pipelining: 1,
    bodyTimeout: 0,
    headersTimeout: 0,
  })

  function checkUrl(text: string): URL {
    try {
      return deps.urlGuard.checkUrl(text)
    } catch (error) {
      deps.logger.warn({ err: error }, 'outbound request refused')
      throw error
    }
  }

  async function openStream(
    request: OutboundRequest,
    options: { signal: AbortSignal; connectMs: number },
  ): Promise<OutboundStream> {
    const url = checkUrl(request.url)
    if (options.signal.aborted) throw toAbortError()
    const exchange = new Exchange({ rhythm, signal: options.signal, connectMs: options.connectMs })
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { 'accept-encoding': 'identity', ...request.headers },
        body: request.body ?? null,
      },
      exchange,
    )
    return exchange.head
  }

  async function send(
    request: OutboundRequest,
    options: { signal?: AbortSignal; totalMs: number; maxBytes: number },
  ): Promise<OutboundReply> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), options.totalMs)
    const signal = options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal
    try {
      const stream = await openStream(request, { signal, connectMs: options.totalMs })
      const body = await readBody(stream, options.maxBytes)
      return { status: stream.status, headers: stream.headers, body }
    } catch (error) {
      if (deadline.signal.aborted) throw new AppError('upstream_deadline', { cause: error })
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    openStream,
    send,
    async close() {
      await agent.destroy()
      rhythm.stop()
    },
  }
}

/** Reads a whole body, cut at `maxBytes`; the connection is given up there. */
async function readBody(stream: OutboundStream, maxBytes: number): Promise<string> {
  let body = ''
  let readBytes = 0
  for await (const text of stream.text) {
    body += text
    readBytes += Buffer.byteLength(text)
    if (readBytes >= maxBytes) break
  }
  if (readBytes <= maxBytes) return body
  return new TextDecoder().decode(Buffer.from(body).subarray(0, maxBytes), { stream: true })
}
