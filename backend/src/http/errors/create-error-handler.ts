import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorCatalogue } from '@llmchat/protocol/error-code'
import type { Logger } from '../../base/logger.ts'
import { AppError } from '../../base/app-error.ts'
import { toAppError } from './to-app-error.ts'
import type { ToErrorReply } from './to-error-body.ts'

export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** Answers every thrown error by the catalogue. What is ours to repair is logged once, with its stack, and never shown. */
export function createErrorHandler(deps: { logger: Logger; toReply: ToErrorReply }): ErrorHandler {
  return (thrown, request, reply) => {
    const known = toAppError(thrown)
    const { status } = errorCatalogue[known.code]
    const isOurs = known.code === 'internal'
    if (isOurs) {
      deps.logger.error(
        { requestId: request.id, route: request.routeOptions.url, err: toCause(known) },
        'request failed',
      )
    }
    // Whatever it says is for the log: the client gets the catalogue's sentence.
    const error = isOurs ? new AppError('internal') : known
    if (error.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(error.retryAfterMs / 1000))
    if (error.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
    const { mediaType, body } = deps.toReply(error, request.id, request.url)
    return reply
      .header('x-request-id', request.id)
      .header('cache-control', 'no-store')
      .code(status)
      .type(mediaType)
      .serializer(JSON.stringify)
      .send(body)
  }
}

/** A wrapped bug is logged as it was thrown, one we name ourselves with its own words. */
function toCause(error: AppError): unknown {
  return error.message === errorCatalogue.internal.message ? (error.cause ?? error) : error
}
