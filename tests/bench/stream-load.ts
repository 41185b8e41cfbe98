import { connect, type Socket } from 'node:net'

/** What one measured stream is: where to, what to send, and how to know its content. */
export interface LoadRequest {
  port: number
  path: string
  headers: Readonly<Record<string, string>>
  body: string
  /** First bytes of content in the response, as a pattern over latin1 text. */
  contentPattern: RegExp
}

export interface LoadResult {
  firstContentMs: number
  totalMs: number
  status: number
  /** The body, transfer encoding undone. */
  body: string
}

export interface ReadTicker {
  /** Resumes this socket at every tick until the returned function is called. */
  add(socket: Socket): () => void
  close(): void
}

/**
 * Once an answer has begun, sockets are read at ticks only, so that the kernel gathers: a driver that wakes up for
 * every token costs as much as what it measures. Totals are therefore as coarse as the tick, for every target alike.
 */
export function openReadTicker(everyMs: number): ReadTicker {
  const sockets = new Set<Socket>()
  const timer = setInterval(() => {
    for (const socket of sockets) socket.resume()
  }, everyMs)
  return {
    add(socket) {
      sockets.add(socket)
      return () => {
        sockets.delete(socket)
      }
    },
    close: () => clearInterval(timer),
  }
}

const limitMs = 300_000

/** Sends one request on a connection of its own and reads the answer to its end. */
export function runStream(request: LoadRequest, ticker: ReadTicker): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now()
    const chunks: Buffer[] = []
    let firstContentMs = -1
    let stopTicks = (): void => undefined
    // Only with `onread` does a pause stop the reading in the kernel; a paused stream goes on filling its own buffer.
    const onread = { buffer: Buffer.allocUnsafe(65_536), callback: receive }
    const socket = connect({ port: request.port, host: '127.0.0.1', noDelay: true, onread })
    socket.setTimeout(limitMs, () => socket.destroy(new Error('no bytes for five minutes')))
    socket.on('connect', () => socket.write(toHttp(request)))
    socket.on('error', reject)
    socket.on('close', () => stopTicks())

    function receive(count: number, buffer: Uint8Array): boolean {
      chunks.push(Buffer.from(buffer.subarray(0, count)))
      if (firstContentMs < 0 && hasContent(chunks, request.contentPattern)) {
        firstContentMs = performance.now() - startMs
        stopTicks = ticker.add(socket)
      }
      if (isComplete(chunks)) {
        stopTicks()
        socket.destroy()
        resolve({ firstContentMs, totalMs: performance.now() - startMs, ...parseResponse(Buffer.concat(chunks)) })
      } else if (firstContentMs >= 0) {
        socket.pause()
      }
      return true
    }

    socket.on('end', () => {
      stopTicks()
      resolve({ firstContentMs, totalMs: performance.now() - startMs, ...parseResponse(Buffer.concat(chunks)) })
    })
  })
}

function toHttp(request: LoadRequest): string {
  const headers = {
    host: `127.0.0.1:${request.port}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(request.body)),
    ...request.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `POST ${request.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${request.body}`
}

function hasContent(chunks: readonly Buffer[], pattern: RegExp): boolean {
  return pattern.test(Buffer.concat(chunks).toString('latin1'))
}

/** The end of a chunked body. With its line before it: a head may end in `timeout=120`. */
const lastChunk = '\r\n0\r\n\r\n'

function isComplete(chunks: readonly Buffer[]): boolean {
  const tail = Buffer.concat(chunks.slice(-3)).subarray(-lastChunk.length).toString('latin1')
  return tail === lastChunk
}

function parseResponse(bytes: Buffer): { status: number; body: string } {
  const headEnd = bytes.indexOf('\r\n\r\n')
  const head = bytes.subarray(0, headEnd).toString('latin1')
  const status = Number(head.split(' ', 2)[1])
  const rest = bytes.subarray(headEnd + 4)
  return { status, body: /transfer-encoding: chunked/i.test(head) ? joinChunks(rest) : rest.toString('utf8') }
}

function joinChunks(bytes: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (!(size > 0)) break
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts).toString('utf8')
}
