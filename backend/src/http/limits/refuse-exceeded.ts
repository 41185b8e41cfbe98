import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'

type LimitResult = Awaited<ReturnType<ReturnType<HttpApp['createRateLimit']>>>

export function refuseExceeded(result: LimitResult): void {
  if (!result.isAllowed && result.isExceeded) throw new AppError('rate_limited', { retryAfterMs: result.ttl })
}
