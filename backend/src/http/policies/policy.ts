import type { FastifyRequest } from 'fastify'

/** Who may use a route. Every route has one, in its `config`; the server does not start with a route that has none. */
export interface Policy {
  /** As the route table names it. */
  readonly name: string
  /** Throws what this request is answered with when it may not: `unauthenticated`, `forbidden`, `scope_missing` … */
  assert(request: FastifyRequest): void | Promise<void>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy
  }
}
