import { normalizeIP } from '@fastify/rate-limit'
import type { HttpApp } from '../app-types.ts'
import { refuseExceeded } from './create-login-limit.ts'

/** Per user where one is known, else per address. Null: no limit. Not for health, metrics and pages. */
export function limitRequestRate(app: HttpApp, requestsPerMinute: number | null): void {
  if (requestsPerMinute === null) return
  const check = app.createRateLimit({
    max: requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.requester?.user.id ?? normalizeIP(request.ip),
  })
  app.addHook('onRequest', async (request) => refuseExceeded(await check(request)))
}
