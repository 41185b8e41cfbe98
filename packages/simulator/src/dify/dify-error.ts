import type { Reply } from '../http/exchange.ts'
import type { WireError } from '../run/admit-generation.ts'

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'file_too_large',
  415: 'unsupported_file_type',
  429: 'too_many_requests',
}

/** The code Dify gives to a status when nothing more is known. */
export function toDifyCode(status: number): string {
  return CODE_BY_STATUS[status] ?? 'internal_server_error'
}

/** An error body in Dify's shape. */
export function toDifyRefusal(status: number, code: string, message: string): Reply {
  return { status, body: { code, message, status } }
}

/** The reply for a refusal or for a fault that strikes before the answer. */
export function toDifyErrorReply(error: WireError): Reply {
  if (error.reason === 'context-too-long') {
    const message = "This model's maximum context length is 8192 tokens."
    return toDifyRefusal(400, 'completion_request_error', message)
  }
  if (error.reason === 'by-status') {
    return toDifyRefusal(error.status, error.code ?? toDifyCode(error.status), error.message)
  }
  return toDifyRefusal(400, 'invalid_param', error.message === '' ? 'request refused' : error.message)
}
