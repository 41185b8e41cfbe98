import type { FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import { findBearerToken } from '../find-bearer-token.ts'
import { isEqualSecret } from '../is-equal-secret.ts'
import { isLoopbackRequest } from '../is-loopback-request.ts'
import type { FindRequester } from '../plugins/authenticate.ts'
import type { Policy } from './policy.ts'

export interface OperatorDeps {
  findRequester: FindRequester
  /** Lets monitoring in from elsewhere, as `Authorization: Bearer …`; null: none. */
  opsToken: string | null
}

/** May see figures and details: a program on this machine, the holder of the ops token, an operator or an admin. */
export async function isOperator(request: FastifyRequest, deps: OperatorDeps): Promise<boolean> {
  if (isLoopbackRequest(request)) return true
  const token = findBearerToken(request)
  if (token !== null && deps.opsToken !== null && isEqualSecret(token, deps.opsToken)) return true
  const requester = await deps.findRequester(request)
  if (requester === null || !['admin', 'operator'].includes(requester.user.role)) return false
  return requester.apiKey === null || requester.apiKey.scopes.includes('admin')
}

export function requireOperator(deps: OperatorDeps): Policy {
  return {
    name: 'is-operator',
    async assert(request) {
      if (!(await isOperator(request, deps))) throw new AppError('forbidden')
    },
  }
}
