import type { Reply } from '../http/exchange.ts'
import type { JsonObject } from '../http/json-fields.ts'
import type { WireError } from '../run/admit-generation.ts'

/** `statusText` by `code`. */
const STATUS_TEXT: Readonly<Record<number, string>> = {
  403: 'unAuthorization',
  409: 'chatIsGenerating',
  429: 'tooManyRequest',
  510: 'insufficientQuota',
  511: 'unAuthModel',
  513: 'unAuthFile',
  514: 'unAuthApiKey',
  504000: 'unAuthChat',
}

function toErrorBody(code: number, message: string): JsonObject {
  return {
    code,
    statusText: STATUS_TEXT[code] ?? 'error',
    message,
    data: null,
  }
}

/** The in-stream error event. */
export function toFastgptErrorFrame(code: string | null, message: string): string {
  const body = code === null ? { message } : toErrorBody(Number(code), message)
  return `event: error\ndata: ${JSON.stringify(body)}\n\n`
}

/**
 * A refusal by FastGPT itself: a stream gets HTTP 200 and an error event without a content type, since the headers are
 * set later by the dispatcher; a plain call gets HTTP 500 and JSON.
 */
export function toFastgptRefusal(code: number, message: string, isStream: boolean): Reply {
  if (isStream) return { status: 200, body: toFastgptErrorFrame(String(code), message) }
  return { status: 500, body: toErrorBody(code, message) }
}

/** The reply for a fault that strikes before the answer; planned statuses are real HTTP statuses, as of a proxy. */
export function createFastgptErrorReply(isStream: boolean): (error: WireError) => Reply {
  return (error) => {
    if (error.reason === 'by-status') {
      return {
        status: error.status,
        body: toErrorBody(Number(error.code ?? error.status), error.message),
      }
    }
    if (error.reason === 'context-too-long') {
      return toFastgptRefusal(500, "400 This model's maximum context length is 8192 tokens.", isStream)
    }
    return toFastgptRefusal(500, error.message === '' ? 'request refused' : error.message, isStream)
  }
}
