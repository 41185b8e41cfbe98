import type { IncomingMessage } from 'node:http'

/** Whether a body belongs to the request, come or not (RFC 9112 §6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}
