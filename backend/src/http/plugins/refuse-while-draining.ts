import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'

/** How far a shut-down has come. */
export interface DrainState {
  /** From the first moment: /health/ready says 503 and connections close after their reply. */
  isDraining(): boolean
  /** From the moment on when load balancers had time to notice: everything but health is refused. */
  isRefusing(): boolean
}

export function refuseWhileDraining(app: HttpApp, drain: DrainState): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (drain.isDraining()) reply.header('connection', 'close')
    const isProbe = request.url.startsWith('/health') || request.url.startsWith('/metrics')
    if (drain.isRefusing() && !isProbe) done(new AppError('draining', { retryAfterMs: 1000 }))
    else done()
  })
}
