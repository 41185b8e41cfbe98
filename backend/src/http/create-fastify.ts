import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import type { CreateId } from '../base/ids.ts'
import type { HttpApp } from './app-types.ts'
import type { TrustCheck } from './create-trust-check.ts'
import { createValidatorCompiler } from './create-validator-compiler.ts'
import { answerClientError } from './errors/answer-client-error.ts'
import type { ErrorHandler } from './errors/create-error-handler.ts'
import { createRequestIdSource } from './plugins/create-request-id-source.ts'
import { longestBodyMs } from './plugins/limit-body-time.ts'

/** Longer than the usual 60 s of load balancers: the side that reuses a connection must not be the one that closes it late. */
const keepAliveMs = 72_000

const headersMs = 20_000

export interface FastifyDeps {
  bodyLimitBytes: number
  createId: CreateId
  isTrusted: TrustCheck
  handleError: ErrorHandler
}

export function createFastify(deps: FastifyDeps): HttpApp {
  const app = Fastify({
    // One line per request of our own instead of Fastify's two.
    logger: false,
    bodyLimit: deps.bodyLimitBytes,
    connectionTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    // To receive a request, whatever its route (see limit-body-time); a reply may take as long as an answer takes.
    requestTimeout: longestBodyMs,
    http: { headersTimeout: headersMs },
    forceCloseConnections: 'idle',
    // Refusing during a shut-down is `refuseWhileDraining`'s, in our own shape.
    return503OnClosing: false,
    genReqId: createRequestIdSource(deps),
    requestIdHeader: false,
    trustProxy: (address) => deps.isTrusted(address),
    // Ids of clients have up to 128 characters, each up to three when encoded.
    routerOptions: { maxParamLength: 400 },
    frameworkErrors: (error, request, reply) => void deps.handleError(error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, deps.createId()),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(createValidatorCompiler())
  // Only JSON: a form of another site can send text/plain without asking.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(deps.handleError)
  return app
}
