import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { createCounterBook, type ProviderName, type SimulatorCounters } from './counters.ts'
import { createDifyProvider } from './dify/dify-provider.ts'
import { createFastgptProvider } from './fastgpt/fastgpt-provider.ts'
import { type Exchange, readExchange, sendReply } from './http/exchange.ts'
import { createFileShelf, type ReceivedFile } from './http/file-shelf.ts'
import { createRequestLog, type RecordedRequest } from './http/request-log.ts'
import { createOpenaiProvider } from './openai/openai-provider.ts'
import { createResponsesProvider } from './openai-responses/responses-provider.ts'
import { createFaultGate } from './plan/fault-gate.ts'
import { parsePlan } from './plan.ts'
import { createIdSource } from './run/id-source.ts'
import type { SimulatedProvider, SimulatorContext } from './run/simulator-context.ts'
import { openTicker } from './run/ticker.ts'
import { createTokenCache } from './text/token-cache.ts'

export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  /** Holds for every request, under whatever the request asks for itself. */
  defaultPlan?: string
}

export interface Simulator {
  /** `http://host:port`, without a slash at the end. */
  url: string
  /** The base URL to configure an agent of this provider with. */
  baseUrl(provider: ProviderName): string
  counters(): SimulatorCounters
  /** The newest requests, the oldest first; API keys and cookies are redacted. */
  requests(): RecordedRequest[]
  /** The files that questions showed to the agents, the oldest first. */
  files(): ReceivedFile[]
  /** Zeroes the counters, forgets chats, conversations, requests and spent `once` faults, and ends surviving runs. */
  reset(): void
  close(): Promise<void>
}

const BASE_PATHS: Readonly<Record<ProviderName, string>> = {
  openai: '/openai/v1',
  'openai-responses': '/openai/v1',
  anthropic: '/anthropic',
  fastgpt: '/fastgpt/api',
  dify: '/dify/v1',
}

const KEEP_ALIVE_MS = 120_000
const BACKLOG = 4096

interface SimulatorRooms {
  context: SimulatorContext
  /** By path prefix, the longest first. */
  providers: readonly { prefix: string; provider: SimulatedProvider }[]
  requestLog: ReturnType<typeof createRequestLog>
  reset: () => void
}

function createRooms(defaultPlan: string): SimulatorRooms {
  const ticker = openTicker()
  const context: SimulatorContext = {
    ticker,
    counters: createCounterBook(),
    gate: createFaultGate({ nowMs: () => ticker.nowMs(), maxCounted: 100_000 }),
    tokens: createTokenCache(512),
    ids: createIdSource(100_000),
    files: createFileShelf(),
    defaultPlan,
  }
  const requestLog = createRequestLog(200)
  const providers = [
    {
      prefix: '/openai/v1/responses',
      provider: createResponsesProvider(context),
    },
    { prefix: '/openai/', provider: createOpenaiProvider(context) },
    { prefix: '/anthropic/', provider: createAnthropicProvider(context) },
    { prefix: '/fastgpt/api/', provider: createFastgptProvider(context) },
    { prefix: '/dify/v1/', provider: createDifyProvider(context) },
  ]
  const reset = (): void => {
    for (const { provider } of providers) provider.reset()
    context.counters.reset()
    context.gate.reset()
    context.ids.reset()
    context.files.reset()
    context.tokens.clear()
    requestLog.reset()
  }
  return { context, providers, requestLog, reset }
}

function handleControl(rooms: SimulatorRooms, exchange: Exchange): void {
  const { response, query } = exchange
  const route = `${exchange.method} ${exchange.path}`
  if (route === 'GET /_sim/counters') sendReply(response, { status: 200, body: rooms.context.counters.read() })
  else if (route === 'GET /_sim/files') sendReply(response, { status: 200, body: rooms.context.files.list() })
  else if (route === 'GET /_sim/requests') {
    sendReply(response, {
      status: 200,
      body: rooms.requestLog.list(Number(query.get('last') ?? 200)),
    })
  } else if (route === 'POST /_sim/reset') {
    rooms.reset()
    sendReply(response, { status: 200, body: { reset: true } })
  } else
    sendReply(response, {
      status: 404,
      body: { error: `unknown path ${route}` },
    })
}

function dispatch(rooms: SimulatorRooms, exchange: Exchange): void {
  if (exchange.path.startsWith('/_sim/')) {
    handleControl(rooms, exchange)
    return
  }
  const found = rooms.providers.find(({ prefix }) => exchange.path.startsWith(prefix))
  if (found === undefined) {
    sendReply(exchange.response, {
      status: 404,
      body: { error: `unknown path ${exchange.path}` },
    })
    return
  }
  rooms.requestLog.record(exchange)
  if (exchange.isBodyValid) {
    // A stop and the like name no files, so that nothing is counted twice.
    rooms.context.files.noteQuestion(found.provider.name, exchange.body)
    found.provider.handle(exchange)
  } else
    sendReply(exchange.response, {
      status: 400,
      body: { error: { message: 'the body is no JSON object' } },
    })
}

async function answer(rooms: SimulatorRooms, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    dispatch(rooms, await readExchange(request, response))
  } catch (error) {
    if (request.destroyed && !request.complete) return
    if (response.headersSent) response.destroy()
    sendReply(response, {
      status: 500,
      body: { error: { message: `simulator: ${String(error)}` } },
    })
  }
}

/**
 * Opens one HTTP server with all simulated upstreams under their path prefixes.
 * Throws when the default plan has a mistake or the port is taken.
 */
export async function openSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1'
  const { problems } = parsePlan(options.defaultPlan ?? '')
  if (problems.length > 0) throw new Error(`simulator plan: ${problems.join('; ')}`)
  const rooms = createRooms(options.defaultPlan ?? '')
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void answer(rooms, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port: options.port ?? 0, backlog: BACKLOG }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulator has no TCP address')
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address
  const url = `http://${shownHost}:${String(address.port)}`

  return {
    url,
    baseUrl: (provider) => url + BASE_PATHS[provider],
    counters: () => rooms.context.counters.read(),
    requests: () => rooms.requestLog.list(),
    files: () => rooms.context.files.list(),
    reset: rooms.reset,
    async close() {
      rooms.context.ticker.close()
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
    },
  }
}
