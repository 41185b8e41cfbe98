import type { Clock } from '../../base/clock.ts'
import type { HttpApp } from '../app-types.ts'
import { answerClientError } from '../errors/answer-client-error.ts'
import { hasBody } from '../has-body.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long this route's body may take to come. Default: a minute. */
    bodyMs?: number
  }
}

const usualMs = 60_000
/** No route's body may take longer: Node's own limit, which is one for all routes. */
export const longestBodyMs = 600_000

/** A sender that is slower than its route allows is cut off: Node itself knows one limit for all requests only. */
export function limitBodyTime(app: HttpApp, clock: Clock): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
    if (hasBody(raw) && !raw.complete) {
      const cancel = clock.setTimer(request.routeOptions.config.bodyMs ?? usualMs, () => {
        if (raw.complete || reply.sent) return
        answerClientError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, raw.socket, request.id)
      })
      raw.once('end', cancel).once('close', cancel)
    }
    done()
  })
}
