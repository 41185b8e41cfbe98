import { AppError } from '../base/app-error.ts'
import { isErrorCode } from '@llmchat/protocol/error-code'
import type { CommandResult } from './commands.ts'

export interface ServerDoor {
  port: number
  token: string
}

function isResult(value: unknown): value is CommandResult {
  return typeof value === 'object' && value !== null && 'exitCode' in value && 'output' in value
}

function toError(status: number, body: unknown): AppError {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  const fields = typeof error === 'object' && error !== null ? error : {}
  const code = 'code' in fields && isErrorCode(fields.code) ? fields.code : 'internal'
  const message = 'message' in fields ? String(fields.message) : `The server answered ${String(status)}.`
  return new AppError(code, { message })
}

/** Has the running server do a command. Errors: those of the command, or `conflict` when the server does not answer. */
export async function askServer(door: ServerDoor, words: readonly string[]): Promise<CommandResult> {
  let response: Response
  let body: unknown
  try {
    response = await fetch(`http://127.0.0.1:${String(door.port)}/internal/cli`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${door.token}` },
      body: JSON.stringify({ arguments: words }),
    })
    body = await response.json()
  } catch (error) {
    const message = `A server holds the data folder but does not answer on port ${String(door.port)}.`
    throw new AppError('conflict', { message, cause: error })
  }
  if (response.ok && isResult(body)) return body
  throw toError(response.status, body)
}
