import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../base/clock.ts'
import type { HttpApp } from '../app-types.ts'
import { hasBody } from '../has-body.ts'

/** As long as nginx listens to a client that it has answered early. */
const discardMs = 30_000
/** No setting allows a body of more (UPLOAD_MAX_FILE_BYTES). */
const discardBytes = 200 * 1024 * 1024

/**
 * Answered before its body came, a request is still read to its end. Most senders, nginx among them, listen only when all
 * is sent: hung up on at once they would see a broken connection instead of the reason.
 */
export function discardRefusedBodies(app: HttpApp, clock: Clock): void {
  app.addHook('onSend', async ({ raw }, reply, payload) => {
    if (hasBody(raw) && !raw.complete) {
      // Fastify says it of a body too large, a shut-down of everything: node would close with the last byte of the reply.
      reply.removeHeader('connection')
      discardRest(raw, clock)
    }
    return payload
  })
}

function discardRest(raw: IncomingMessage, clock: Clock): void {
  const hangUp = (): void => void raw.socket.destroy()
  const cancel = clock.setTimer(discardMs, hangUp)
  let leftBytes = discardBytes
  raw.on('data', (chunk: Uint8Array) => {
    leftBytes -= chunk.length
    if (leftBytes < 0) hangUp()
  })
  raw.once('end', cancel).once('close', cancel).resume()
}
