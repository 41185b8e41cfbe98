import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { SsePinger } from './open-sse-pinger.ts'

export interface SseWriter {
  /** Sends the response head, once; from then on the reply is a stream. */
  begin(): void
  /** Writes whole frames. A viewer too slow to take them is dropped: the stream is durable, it comes back by frame id. */
  write(frames: string): void
  /** Writes the last frame and ends the response. */
  end(lastFrame: string): void
  /** Breaks the connection: an end that no client takes for the answer's. */
  cut(): void
  /** The connection is gone, whoever ended it. Also called when it was gone already. */
  onClose(callback: () => void): void
}

interface SseOptions {
  headers: Readonly<Record<string, string>>
  maxBufferBytes: number
  pinger: SsePinger
}

/** Turns a Fastify reply into an event stream written straight to the socket. */
export function openSseWriter(reply: FastifyReply, options: SseOptions): SseWriter {
  const raw = reply.raw
  let hasBegun = false
  // A replay is one write and may be larger than the bound: whoever comes back to a long answer must be given the time
  // to take it. Slow is who lets more than the bound pile up behind it.
  let largestBytes = 0

  function begin(): void {
    if (hasBegun) return
    hasBegun = true
    reply.hijack()
    // A hijacked reply skips Fastify's onSend: what the security plugins have set must be copied.
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
    raw.socket?.setNoDelay(true)
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      ...options.headers,
    })
    raw.flushHeaders()
    const isResumable = reply.request.headers['x-llmchat-resume'] === '1'
    const stopPings = options.pinger.add(raw, { isResumable })
    raw.once('close', stopPings)
  }

  return {
    begin,
    write(frames) {
      begin()
      if (!isOpen(raw)) return
      const bytes = Buffer.byteLength(frames)
      largestBytes = raw.writableLength === 0 ? bytes : Math.max(largestBytes, bytes)
      writeChunk(raw, frames, bytes)
      if (raw.writableLength > options.maxBufferBytes + largestBytes) raw.destroy()
    },
    end(lastFrame) {
      begin()
      if (isOpen(raw)) raw.end(lastFrame)
    },
    cut: () => void raw.destroy(),
    onClose(callback) {
      if (raw.closed || raw.destroyed) callback()
      else raw.once('close', callback)
    },
  }
}

/**
 * One chunk of a chunked body as one string straight to the socket: Node's own way makes three buffers of it and
 * gathers them, which costs more than all else we do with a token.
 */
function writeChunk(raw: ServerResponse, text: string, bytes: number): void {
  const { socket } = raw
  if (!socket || !raw.chunkedEncoding || raw.writableLength > socket.writableLength) raw.write(text)
  else socket.write(`${bytes.toString(16)}\r\n${text}\r\n`)
}

function isOpen(raw: ServerResponse): boolean {
  return !raw.writableEnded && !raw.destroyed
}
