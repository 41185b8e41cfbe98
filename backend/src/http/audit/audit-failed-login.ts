import type { FastifyRequest } from 'fastify'
import { AppError } from '../../base/app-error.ts'
import type { Database } from '../../db/database.ts'
import { findUserByEmail } from '../../users/user-repository.ts'
import type { ActWriter } from './create-act-writer.ts'

/**
 * Writes down a sign-in that did not succeed. Of an address that nobody has nothing is kept: people type passwords there. Both cases
 * cost the same look-up, so that the time an answer takes tells nothing.
 */
export async function auditFailedLogin<T>(
  deps: { database: Database; acts: ActWriter },
  request: FastifyRequest,
  email: string,
  authenticate: () => Promise<T>,
): Promise<T> {
  try {
    return await authenticate()
  } catch (error) {
    if (error instanceof AppError && error.code !== 'database_unavailable') {
      const known = await findUserByEmail(deps, email)
      const target = known === null ? {} : { target: { kind: 'user', id: known.id } }
      await deps.acts.recordFailure(request, { action: 'login.failed', ...target }, error)
    }
    throw error
  }
}
