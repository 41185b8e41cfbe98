import type { ServerResponse } from 'node:http'

const RESET_DELAY_MS = 10

/** Where the frames of a run go. */
export interface StreamOutput {
  /** Sends frames; false = the reader is slow, wait for `onDrain`. */
  write(frames: string): boolean
  /** A clean end of the body. */
  end(): void
  /** A TCP reset. */
  reset(): void
  onDrain(listener: () => void): void
  /** The client closed its connection before the end. */
  onGone(listener: () => void): void
}

export interface StreamHead {
  headers: Readonly<Record<string, string>>
  /** Send the headers with the first frame only, as some servers do while they load a model. */
  isLate?: boolean
}

/**
 * Opens a chunked event stream on a response. The chunks are written straight to the socket, because the chunk writer
 * of node:http makes three writes out of one and costs a third more CPU at 50,000 frames a second.
 */
export function openStreamOutput(response: ServerResponse, head: StreamHead): StreamOutput {
  const socket = response.socket
  const canChunk = response.req.httpVersion !== '1.0' && socket !== null
  response.writeHead(200, canChunk ? { ...head.headers, 'transfer-encoding': 'chunked' } : head.headers)
  let areHeadersSent = head.isLate !== true
  if (areHeadersSent) response.flushHeaders()
  let isOver = false

  return {
    write(frames) {
      if (isOver || response.destroyed) return true
      if (!areHeadersSent) {
        areHeadersSent = true
        response.flushHeaders()
      }
      if (!canChunk) return response.write(frames)
      return socket.write(`${Buffer.byteLength(frames).toString(16)}\r\n${frames}\r\n`)
    },
    end() {
      isOver = true
      response.end()
    },
    reset() {
      isOver = true
      // A reset overtakes bytes the reader has not taken yet; the tokens before it must have arrived.
      setTimeout(() => response.socket?.resetAndDestroy(), RESET_DELAY_MS)
    },
    onDrain(listener) {
      if (canChunk) {
        socket.on('drain', listener)
        response.once('close', () => socket.off('drain', listener))
      } else response.on('drain', listener)
    },
    onGone(listener) {
      response.once('close', () => {
        if (!isOver) {
          isOver = true
          listener()
        }
      })
    },
  }
}
