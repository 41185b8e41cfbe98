import type { FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'

/**
 * A request that a browser sent from another site is refused with `csrf_failed`. Browsers say where a request comes from
 * by Sec-Fetch-Site (on https and localhost) or by Origin; programs that send neither hold no cookie by accident.
 */
export function refuseForeignSite(request: FastifyRequest, publicOrigin: string | null): void {
  if (!isOwnSite(request, publicOrigin)) throw new AppError('csrf_failed')
}

/** Sent by a page of ours, by the person (an address typed, a bookmark), or by a program. */
export function isOwnSite(request: FastifyRequest, publicOrigin: string | null): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = request.headers.origin
  if (origin === undefined) return true
  return origin === publicOrigin || (URL.canParse(origin) && new URL(origin).host === request.host)
}
