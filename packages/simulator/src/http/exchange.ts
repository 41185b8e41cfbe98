import type { IncomingMessage, ServerResponse } from 'node:http'
import { isJsonObject, type JsonObject } from './json-fields.ts'

const MAX_BODY_BYTES = 64 * 1_048_576

/** One request with its body read, and the response to it. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  /** The path without query. */
  path: string
  query: URLSearchParams
  /** The JSON body; empty when there is none or when it is not a JSON object. */
  body: JsonObject
  /** False when a body came that is no JSON object. */
  isBodyValid: boolean
  /** The body as it came. */
  bytes: Buffer
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error('the request body is too large for the simulator')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseBody(text: string): { body: JsonObject; isBodyValid: boolean } {
  if (text === '') return { body: {}, isBodyValid: true }
  try {
    const parsed: unknown = JSON.parse(text)
    return isJsonObject(parsed) ? { body: parsed, isBodyValid: true } : { body: {}, isBodyValid: false }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { body: {}, isBodyValid: false }
  }
}

/** Reads a whole request; throws when the client breaks off or sends more than 64 MiB. */
export async function readExchange(request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const url = new URL(request.url ?? '/', 'http://simulator')
  const bytes = await readBytes(request)
  // Forms, and the bytes of a file.
  const isFile = request.method === 'PUT' || (request.headers['content-type'] ?? '').startsWith('multipart/form-data')
  const parsed = isFile ? { body: {}, isBodyValid: true } : parseBody(bytes.toString('utf8'))
  return {
    request,
    response,
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    ...parsed,
    bytes,
  }
}

/** The first value of a request header, or null. */
export function findHeader(exchange: Exchange, name: string): string | null {
  const value = exchange.request.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** The token of `Authorization: Bearer …`, or null. */
export function findBearer(exchange: Exchange): string | null {
  return /^Bearer\s+(.+)$/i.exec(findHeader(exchange, 'authorization') ?? '')?.[1] ?? null
}

export interface Reply {
  status: number
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON, unless it is text. */
  body: unknown
}

/** Answers with JSON, or with the text as it is when the body is text. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return
  const isText = typeof reply.body === 'string'
  const text = isText ? String(reply.body) : JSON.stringify(reply.body)
  const type: Record<string, string> = isText ? {} : { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(reply.status, {
    ...type,
    'content-length': String(Buffer.byteLength(text)),
    ...reply.headers,
  })
  response.end(text)
}
