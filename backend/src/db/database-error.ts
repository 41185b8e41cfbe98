import pg from 'pg'
import { AppError } from '../base/app-error.ts'

/**
 * SQLSTATEs that say "not now" rather than "not so" and leave a connection of no use: connection trouble (08), no
 * resources (53), shut-downs, a transaction that did nothing for too long, and a server that is (again) a standby.
 */
const LOST_STATES = /^(08...|53...|57P0[1-5]|25P03|25006)$/

/** Given up by the server's own time limit; the connection goes on. */
const GIVEN_UP = '57014'

function isServerError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError
}

/** A wrong call from our own code, e.g. values the driver can't write. */
function isOwnMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError
}

/** Whether the connection that a driver's `error` came from must not be used again. */
export function isConnectionLost(error: unknown): boolean {
  return isServerError(error) ? LOST_STATES.test(error.code ?? '') : !isOwnMistake(error)
}

/**
 * A server's answer to a statement (with `code`, `constraint` …) stays as it is; everything else that a driver throws
 * means that the server was not reached or had no time, and becomes AppError `database_unavailable`.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (!isConnectionLost(error) && !(isServerError(error) && error.code === GIVEN_UP)) return error
  return new AppError('database_unavailable', { cause: error, retryAfterMs: 2000 })
}

/** A standby ends reads that stand in the way of what it has to replay; the primary never answers so to a single read. */
export function isReplayConflict(error: unknown): boolean {
  return isServerError(error) && (error.code === '40001' || error.code === '40P01')
}

/** The constraint's name when `error` is a violated unique constraint, else null. */
export function findViolatedUnique(error: unknown): string | null {
  return isServerError(error) && error.code === '23505' ? (error.constraint ?? '') : null
}

/** Lets a write through; where a unique constraint was in its way, `toRefusal` says so to whoever asked. */
export async function refuseViolatedUnique<T>(write: Promise<T>, toRefusal: (cause: unknown) => AppError): Promise<T> {
  try {
    return await write
  } catch (error) {
    throw findViolatedUnique(error) === null ? error : toRefusal(error)
  }
}
