import type { Socket } from 'node:net'
import { AppError } from '../../base/app-error.ts'
import { toErrorBody } from './to-error-body.ts'

/** Bytes that are no HTTP request: answered in our shape, by hand, for there is no reply object yet. */
export function answerClientError(error: { code?: string }, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(toErrorBody(new AppError('invalid_request'), requestId))
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
