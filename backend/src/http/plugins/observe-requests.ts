import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { HttpApp } from '../app-types.ts'
import type { HttpMetrics } from '../metrics/create-http-metrics.ts'

const probes = /^\/(health|metrics)(\/|$)/

/**
 * One log line and one count per request, when its connection or its reply is done: `close` comes for hijacked streams
 * and for clients that went away as well, where Fastify's own onResponse does not.
 */
export function observeRequests(app: HttpApp, deps: { clock: Clock; logger: Logger; metrics: HttpMetrics }): void {
  app.addHook('onRequest', (request, reply, done) => {
    const startedMs = deps.clock.monotonicMs()
    reply.header('x-request-id', request.id)
    reply.raw.once('close', () => report(request, reply, deps.clock.monotonicMs() - startedMs))
    done()
  })

  function report(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
    // A pattern, never the address itself: addresses hold ids, and each would become a label.
    const route = request.routeOptions.url ?? 'none'
    const status = reply.raw.statusCode
    const isStream = String(reply.raw.getHeader('content-type') ?? '').startsWith('text/event-stream')
    deps.metrics.observe({ method: request.method, route, status, durationMs, isStream })
    deps.logger[probes.test(route) ? 'debug' : 'info'](
      {
        requestId: request.id,
        method: request.method,
        route,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        ...(request.requester ? { userId: request.requester.user.id } : {}),
        ...(reply.raw.writableFinished ? {} : { isCutOff: true }),
      },
      'request',
    )
  }
}
