import helmet from '@fastify/helmet'
import type { HttpApp } from '../app-types.ts'

const self = ["'self'"]
const none = ["'none'"]

/**
 * `script-src` has no exception. Style attributes are allowed, for formulas need them; style elements only from our own
 * files.
 */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: none,
    scriptSrc: self,
    styleSrcElem: self,
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: [...self, 'data:', 'blob:'],
    connectSrc: self,
    fontSrc: self,
    manifestSrc: self,
    frameAncestors: none,
    baseUri: none,
    formAction: self,
  },
}

const permissionsPolicy = 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()'
const yearSeconds = 31_536_000

/** On every reply. `isHttps`: people come by https, so browsers may be told to insist on it. */
export async function addSecurityHeaders(app: HttpApp, deps: { isHttps: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy,
    strictTransportSecurity: deps.isHttps ? { maxAge: yearSeconds, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('permissions-policy', permissionsPolicy)
    done()
  })
}
