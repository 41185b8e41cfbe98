import type { IncomingMessage } from 'node:http'
import type { CreateId } from '../../base/ids.ts'
import type { TrustCheck } from '../create-trust-check.ts'

const acceptedId = /^[A-Za-z0-9._:-]{1,128}$/

/** A new UUIDv7, or the one our own proxy made: anyone else could forge lines in the log. */
export function createRequestIdSource(deps: { createId: CreateId; isTrusted: TrustCheck }) {
  return (request: Pick<IncomingMessage, 'headers' | 'socket'>): string => {
    const given = request.headers['x-request-id']
    if (typeof given !== 'string' || !acceptedId.test(given)) return deps.createId()
    return deps.isTrusted(request.socket.remoteAddress) ? given : deps.createId()
  }
}
