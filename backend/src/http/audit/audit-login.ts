import type { FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import type { Database } from '../../db/database.ts'
import type { User } from '../../users/user.ts'
import { findUserByEmail } from '../../users/user-repository.ts'
import type { ActWriter } from './create-act-writer.ts'

/**
 * Writes down how a sign-in went. Of an address that nobody has nothing is kept: people type passwords there. Both cases
 * cost the same look-up, so that the time an answer takes tells nothing.
 */
export async function auditLogin(
  deps: { database: Database; acts: ActWriter },
  request: FastifyRequest,
  email: string,
  authenticate: () => Promise<User>,
): Promise<User> {
  try {
    const user = await authenticate()
    const target = { kind: 'user', id: user.id }
    await deps.acts.record(request, { action: 'login.succeeded', target, actorId: user.id })
    return user
  } catch (error) {
    if (error instanceof AppError && error.code !== 'database_unavailable') {
      const known = await findUserByEmail(deps, email)
      const target = known === null ? {} : { target: { kind: 'user', id: known.id } }
      await deps.acts.recordFailure(request, { action: 'login.failed', ...target }, error)
    }
    throw error
  }
}
