import type { FastifyRequest } from 'fastify'
import { AppError } from '../../../base/app-error.ts'
import type { DirectoryRules } from '../../../config/directory-config.ts'
import type { DirectoryPerson } from '../../../users/directory/directory-person.ts'
import type { User } from '../../../users/user.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'

/**
 * Lets in whom a directory has vouched for, and writes down what that changed here. Errors: `account_unknown`,
 * `account_exists`, `account_deactivated`.
 */
export async function enterFromDirectory(
  deps: Pick<AuthRouteDeps, 'acts' | 'users'>,
  request: FastifyRequest,
  person: DirectoryPerson,
  rules: DirectoryRules,
): Promise<User> {
  const { user, refusedRole } = await deps.users.signInFromDirectory(person, rules, (trx, acts) =>
    deps.acts.alongsideAll(request, acts)(trx, undefined),
  )
  if (refusedRole !== null) {
    const details = { fields: ['role'], role: refusedRole, source: person.source }
    const act = { action: 'user.changed', target: { kind: 'user', id: user.id }, details } as const
    await deps.acts.recordFailure(request, act, new AppError('last_admin'))
  }
  return user
}
