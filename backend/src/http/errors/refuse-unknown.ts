import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import type { MethodTable } from './create-method-table.ts'

/** Throws `method_not_allowed` (with `Allow`) where the address exists for another method, else `not_found`. */
export function refuseUnknown(methods: MethodTable, request: FastifyRequest, reply: FastifyReply): never {
  const allowed = methods.listMethods(toPath(request))
  if (allowed.length > 0 && !allowed.includes(request.method)) {
    reply.header('allow', allowed.join(', '))
    throw new AppError('method_not_allowed', { details: { allowed } })
  }
  throw new AppError('not_found')
}

export function toPath(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/'
}
