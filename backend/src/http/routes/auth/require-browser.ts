import type { FastifyRequest } from 'fastify'
import { AppError } from '../../../base/app-error.ts'

/** What a leaked API key must not be able to do: its bearer is a program. Errors: `forbidden`. */
export function requireBrowser(request: FastifyRequest): string {
  const loginSessionId = request.requester?.loginSessionId ?? null
  if (loginSessionId === null) {
    throw new AppError('forbidden', { message: 'Sign in with a browser for this: an API key is not enough.' })
  }
  return loginSessionId
}
