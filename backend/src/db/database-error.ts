import pg from 'pg'
import { AppError } from '../base/app-error.ts'

/**
 * SQLSTATEs that say "not now" rather than "not so": connection trouble (08), too many connections, shut-downs, and
 * a standby that was promoted or is not writable yet.
 */
const UNAVAILABLE_STATES = /^(08...|53300|57P0[1-5]|25006)$/

function isServerError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}

/**
 * A server's answer to a statement (with `code`, `constraint` …) stays as it is; everything else that a driver throws
 * means that the server was not reached, and becomes AppError `database_unavailable`.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (isServerError(error) && !UNAVAILABLE_STATES.test(error.code ?? '')) return error
  // A wrong call from our own code, e.g. values the driver can't write.
  if (error instanceof TypeError || error instanceof RangeError) return error
  return new AppError('database_unavailable', { cause: error, retryAfterMs: 2000 })
}

/** The constraint's name when `error` is a violated unique constraint, else null. */
export function findViolatedUnique(error: unknown): string | null {
  return isServerError(error) && error.code === '23505' ? (error.constraint ?? '') : null
}
