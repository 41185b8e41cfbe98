import { randomUUID } from 'node:crypto'
import { type Exchange, findBearer, findHeader, sendReply } from '../http/exchange.ts'
import { findText } from '../http/json-fields.ts'
import { receiveUpload } from '../run/receive-upload.ts'
import type { SimulatorContext } from '../run/simulator-context.ts'

/** The API key that a presigned form was given for, by the form's policy. */
export type PresignedForms = Map<string, string>

export const STORAGE_PATH = 'storage'

/** `POST /core/chat/file/presignChatFilePostUrl`: a form that needs no key of its own. */
export function handlePresign(exchange: Exchange, forms: PresignedForms): void {
  const policy = randomUUID()
  forms.set(policy, findBearer(exchange) ?? '')
  const url = `http://${findHeader(exchange, 'host') ?? ''}/fastgpt/api/${STORAGE_PATH}`
  const key = `chat/${policy}/${findText(exchange.body, 'filename') ?? 'file'}`
  sendReply(exchange.response, {
    status: 200,
    body: { code: 200, statusText: '', message: '', data: { url, fields: { key, policy } } },
  })
}

/** The form itself, as an S3 service answers it. */
export function handleStorage(
  context: SimulatorContext,
  exchange: Exchange,
  state: { forms: PresignedForms; failedKeys: Set<string> },
): void {
  const refused = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }
  // Which key asked for the form is known only from within it, so the newest form stands for all.
  const apiKey = [...state.forms.values()].at(-1) ?? null
  receiveUpload(context, exchange, {
    apiKey,
    failedKeys: state.failedKeys,
    replies: {
      tooLarge: { status: 400, body: '<Error><Code>EntityTooLarge</Code></Error>' },
      failed: { status: 500, body: '<Error><Code>InternalError</Code></Error>' },
      missing: refused,
      accept(file, fields) {
        if (!state.forms.has(fields.get('policy') ?? '') || findBearer(exchange) !== null) return refused
        const path = (fields.get('key') ?? '').split('/').map(encodeURIComponent).join('/')
        context.files.put(`http://${findHeader(exchange, 'host') ?? ''}/fastgpt/api/${STORAGE_PATH}/${path}`, file)
        return { status: 204, body: '' }
      },
    },
  })
}
