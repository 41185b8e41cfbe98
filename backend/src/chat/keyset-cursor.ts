import { AppError } from '../base/app-error.ts'

/** Microseconds: PostgreSQL's own precision. A cursor cut to milliseconds would skip or repeat rows. */
const timestampPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

/** SQL for the ISO text of a timestamptz column that compares exactly when it comes back as a parameter. */
export function toCursorTimestampSql(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/** Where the page before ended. Opaque to clients. */
export interface KeysetPosition {
  /** Pinned chats come first, so they are part of the order; false where nothing is pinned. */
  isPinned: boolean
  timestamp: string
  id: string
}

/** Base64url of a JSON triple. */
export function toCursor(position: KeysetPosition): string {
  const json = JSON.stringify([position.isPinned ? 1 : 0, position.timestamp, position.id])
  return Buffer.from(json).toString('base64url')
}

/** Errors: `invalid_request` for anything `toCursor` cannot have made. */
export function parseCursor(cursor: string): KeysetPosition {
  const position = toPosition(Buffer.from(cursor, 'base64url').toString())
  if (!position) throw new AppError('invalid_request', { details: [{ path: '/cursor', problem: 'is not a cursor' }] })
  return position
}

function toPosition(json: string): KeysetPosition | null {
  const match = /^\[([01]),"([^"\\]+)","([^"\\]+)"\]$/.exec(json)
  const [, pinned, timestamp, id] = match ?? []
  if (!pinned || !timestamp || !id) return null
  if (!timestampPattern.test(timestamp) || Number.isNaN(Date.parse(timestamp))) return null
  return { isPinned: pinned === '1', timestamp, id }
}
