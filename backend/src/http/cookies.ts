import type { FastifyRequest } from 'fastify'

/** `session`: who is signed in. `device`: has signed in to an account before. `visit`: not signed in yet. */
export type CookiePurpose = 'session' | 'device' | 'visit'

export interface CookieOptions {
  path: string
  sameSite: 'lax'
  secure: boolean
}

/** People come by https, be it that a proxy in front ends it. */
function isHttps(request: FastifyRequest, publicOrigin: string | null): boolean {
  return publicOrigin === null ? request.protocol === 'https' : publicOrigin.startsWith('https:')
}

/** `__Host-` wherever browsers allow it: then no other host of the domain, and no page by http, can put one in place. */
export function toCookieName(purpose: CookiePurpose, request: FastifyRequest, publicOrigin: string | null): string {
  return `${isHttps(request, publicOrigin) ? '__Host-' : ''}llmchat_${purpose}`
}

/** The page reads the token from this cookie and sends it back in the header; only a page of our own origin can. */
export function toCsrfCookieName(request: FastifyRequest, publicOrigin: string | null): string {
  return `${isHttps(request, publicOrigin) ? '__Host-' : ''}XSRF-TOKEN`
}

export function toCookieOptions(request: FastifyRequest, publicOrigin: string | null): CookieOptions {
  return { path: '/', sameSite: 'lax', secure: isHttps(request, publicOrigin) }
}
