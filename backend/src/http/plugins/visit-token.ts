import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import { createToken } from '../../users/secret-token.ts'
import type { HttpApp } from '../app-types.ts'
import { toCookieName, toCookieOptions } from '../cookies.ts'
import { bindCsrfToken, createCsrfToken, safeMethods } from './add-csrf-protection.ts'
import { refuseForeignSite } from './refuse-foreign-site.ts'

/**
 * Before anybody is signed in there is no login session a token could be bound to; a visit takes its place: a random
 * cookie that `GET /api/auth/state` gives out together with a token bound to it.
 */
export function startVisit(request: FastifyRequest, reply: FastifyReply, publicOrigin: string | null): string {
  return createCsrfToken(request, reply, toBinding(ensureVisit(request, reply, publicOrigin)))
}

/** What this browser alone holds; given to it where it has none. */
export function ensureVisit(request: FastifyRequest, reply: FastifyReply, publicOrigin: string | null): string {
  const visit = findVisit(request, publicOrigin) ?? createToken()
  const options = { ...toCookieOptions(request, publicOrigin), httpOnly: true }
  reply.setCookie(toCookieName('visit', request, publicOrigin), visit, options)
  return visit
}

export function findVisit(request: FastifyRequest, publicOrigin: string | null): string | null {
  return request.cookies[toCookieName('visit', request, publicOrigin)] ?? null
}

/**
 * On every unsafe request of the scope: of our own site, and from a browser with the token of its visit. Browsers give
 * themselves away by Origin, or Sec-Fetch-Site; a program that sends neither holds no cookie by accident. Errors:
 * `csrf_failed`.
 */
export function requireVisitToken(app: HttpApp, options: { publicOrigin: string | null }): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (safeMethods.includes(request.method)) {
      done()
      return
    }
    refuseForeignSite(request, options.publicOrigin)
    if (request.headers.origin === undefined && request.headers['sec-fetch-site'] === undefined) {
      done()
      return
    }
    const visit = findVisit(request, options.publicOrigin)
    if (visit === null) throw new AppError('csrf_failed')
    bindCsrfToken(request, toBinding(visit))
    app.csrfProtection(request, reply, done)
  })
}

/** A visit must never pass for a login session, whose ids are no secret. */
function toBinding(visit: string): string {
  return `visit:${visit}`
}
