import csrfProtection from '@fastify/csrf-protection'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hkdfSync } from 'node:crypto'
import type { HttpApp } from '../app-types.ts'
import { refuseForeignSite } from './refuse-foreign-site.ts'

const csrfHeaderName = 'x-xsrf-token'
export const safeMethods = ['GET', 'HEAD', 'OPTIONS']

/**
 * Tokens are HMAC(server secret, salt + login session id): valid exactly as long as the login session, useless for
 * another one, and no secret has to be stored. See docs/decisions/2026-11-22-csrf-tokens.md.
 */
export async function addCsrfProtection(app: HttpApp, deps: { serverSecret: Buffer }): Promise<void> {
  app.decorateRequest('session', null)
  await app.register(csrfProtection, {
    // The plugin keeps its secret in `request.session`; ours holds the login session's id, the HMAC key is the secret.
    sessionPlugin: '@fastify/session',
    getToken: (request) => {
      const token = request.headers[csrfHeaderName]
      return typeof token === 'string' ? token : undefined
    },
    csrfOpts: { hmacKey: deriveKey(deps.serverSecret) },
  })
}

/**
 * In the authenticated scope, after authentication: API keys and safe methods pass. `publicOrigin`: scheme and host
 * people use, or null.
 */
export function requireCsrfToken(app: HttpApp, options: { publicOrigin: string | null }): void {
  app.addHook('onRequest', (request, reply, done) => {
    const loginSessionId = request.requester?.loginSessionId ?? null
    if (safeMethods.includes(request.method) || loginSessionId === null) {
      done()
      return
    }
    refuseForeignSite(request, options.publicOrigin)
    bindCsrfToken(request, loginSessionId)
    app.csrfProtection(request, reply, done)
  })
}

/** A token for this login session. Every one made for it stays valid; the page may keep any. */
export function createCsrfToken(request: FastifyRequest, reply: FastifyReply, loginSessionId: string): string {
  bindCsrfToken(request, loginSessionId)
  return reply.generateCsrf()
}

/** What the token of this request must have been made for. */
export function bindCsrfToken(request: FastifyRequest, binding: string): void {
  request.session = { _csrf: binding }
}

/** All instances share the server's secret, so they accept each other's tokens. */
function deriveKey(serverSecret: Buffer): string {
  return Buffer.from(hkdfSync('sha256', serverSecret, '', 'llmchat csrf', 32)).toString('base64url')
}
