import { errorCatalogue, type ErrorCode } from '@llmchat/protocol/error-code'
import { cutText } from './cut-text.ts'
import { isRecord, parseJson, toRecord, toRecords, toText } from './lenient-json.ts'
import type { ProviderFailure, ProviderPart } from './provider-part.ts'

type FailureFields = Partial<Omit<ProviderFailure, 'code'>>

const maxMessageCharacters = 300

/** Fills in what is not given from the error catalogue; the message is cleaned. */
export function toFailure(code: ErrorCode, fields: FailureFields = {}): ProviderFailure {
  const message = fields.message === undefined ? '' : toCleanText(fields.message)
  return {
    isRetryable: errorCatalogue[code].isRetryable,
    ...fields,
    code,
    message: message === '' ? errorCatalogue[code].message : message,
  }
}

/** The same as a part. */
export function toFailurePart(code: ErrorCode, fields: FailureFields = {}): ProviderPart {
  return { type: 'failure', failure: toFailure(code, fields) }
}

/** Keys that upstreams echo in their errors, whole or masked. */
const keyPattern = /\b(?:sk|pk|app|fastgpt|pat|gsk|xai|key)-[\w*.-]{6,}|\bBearer\s+\S+/gi

/** At most 300 characters of readable text: no markup, no key, no control characters. */
export function toCleanText(text: string): string {
  const readable = /<[a-z!/][^>]*>/i.test(text)
    ? text
        .replace(/<(script|style|head)\b[\s\S]*?(<\/\1>|$)/gi, findTitle)
        .replace(/<[^>]*(>|$)/g, ' ')
        .replace(/&(nbsp|#160);/g, ' ')
    : text
  const flat = readable
    .replace(keyPattern, '[key]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return cutText(flat, maxMessageCharacters)
}

/** The one thing of a page's head that says what happened. */
function findTitle(head: string): string {
  return ` ${/<title[^>]*>([^<]*)/i.exec(head)?.[1] ?? ''} `
}

/** What a body says in whatever shape: `{error:{message}}`, `{error}`, `{message}`, `{detail}`, plain text or a page. */
export function findErrorMessage(body: string): string {
  const value = parseJson(body)
  if (value === undefined) return toCleanText(body.slice(0, 4096))
  if (!isRecord(value)) return ''
  const error = toRecord(value['error'])
  const detail = toRecords(value['detail']).map((item) => toText(item['msg']))
  const candidates = [
    toText(error['message']),
    toText(value['error']),
    toText(value['message']),
    toText(value['msg']),
    toText(value['detail']),
    detail.join(' '),
  ]
  return toCleanText(candidates.find((text) => text !== '') ?? '')
}

/** True for a page: a proxy's or a login's answer rather than the agent's. */
export function isMarkup(body: string): boolean {
  return /^\s*<(!doctype|html|head|body|\?xml)/i.test(body)
}
