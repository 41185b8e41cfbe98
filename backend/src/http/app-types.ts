import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import type { User } from '../users/user.ts'
import type { RouteRecord } from './route-record.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The Fastify instance whose routes are typed by their TypeBox schemas. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Adds routes to an encapsulated scope: its hooks, error handler and not-found handler end with it. */
export type RoutePlugin = (app: HttpApp) => void | Promise<void>

/** Whoever is behind a request, and how they proved it. Null `loginSessionId`: by API key. */
export interface Requester {
  user: User
  loginSessionId: string | null
  /** The login was to outlive the browser window. */
  isPersistent: boolean
  apiKey: { id: string; rateLimitPerMinute: number | null; scopes: readonly ApiKeyScope[] } | null
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route and the policy it has. */
    listRoutes(): readonly RouteRecord[]
  }
  interface FastifyRequest {
    /** Set in the authenticated scope. */
    requester: Requester | null
    /** The requester's user; throws `unauthenticated` outside the authenticated scope. */
    readonly user: User
    /** What @fastify/csrf-protection calls a session: where it looks for the value its tokens are bound to. */
    session: { _csrf: string } | null
  }
}
