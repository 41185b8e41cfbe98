import type { ErrorCode } from '@llmchat/protocol/error-code'
import { findRetryAfterMs } from '../find-retry-after.ts'
import { isRecord, type JsonRecord, parseJson, toText } from '../lenient-json.ts'
import { mapStatus } from '../map-status.ts'
import { toResponseMessage } from '../openai/map-error.ts'
import { toFailure } from '../provider-failure.ts'
import type { ProviderFailure } from '../provider-part.ts'

interface Verdict {
  code: ErrorCode
  isRetryable: boolean
}

const auth: Verdict = { code: 'upstream_auth', isRetryable: false }
const quota: Verdict = { code: 'upstream_quota', isRetryable: false }

/** FastGPT's own codes, and the names it gives them. */
const verdicts: Readonly<Record<string, Verdict>> = {
  '400': { code: 'upstream_rejected', isRetryable: false },
  '401': auth,
  '403': auth,
  '404': { code: 'upstream_not_found', isRetryable: false },
  '409': { code: 'upstream_busy', isRetryable: true },
  '429': { code: 'upstream_rate_limited', isRetryable: true },
  '510': quota,
  '511': auth,
  '513': { code: 'upstream_rejected', isRetryable: false },
  '514': auth,
  '504000': auth,
  '506000': auth,
  '506001': auth,
  '506002': quota,
  unAuthorization: auth,
  insufficientQuota: quota,
  unAuthModel: auth,
  unAuthFile: { code: 'upstream_rejected', isRetryable: false },
  unAuthApiKey: auth,
  unAuthChat: auth,
  chatIsGenerating: { code: 'upstream_busy', isRetryable: true },
}

function findVerdict(data: JsonRecord): Verdict | undefined {
  const code = data['code']
  const key = typeof code === 'number' ? String(code) : toText(code)
  return verdicts[key] ?? verdicts[toText(data['statusText'])]
}

/** `event: error`, whose HTTP status is 200. Without a code it is an error of some node: the next try may be better. */
export function mapStreamError(data: JsonRecord): ProviderFailure {
  const verdict = findVerdict(data) ?? { code: 'upstream_failed' as const, isRetryable: true }
  return toFailure(verdict.code, {
    isRetryable: verdict.isRetryable,
    message: toText(data['message']) || toText(data['statusText']),
  })
}

/** A whole error response; see ProviderAdapter.toFailure. */
export function toHttpFailure(response: {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}): ProviderFailure {
  const { status, headers, body } = response
  const value = parseJson(body)
  const verdict = (isRecord(value) ? findVerdict(value) : undefined) ?? mapStatus(status)
  const retryAfterMs = findRetryAfterMs(headers, value)
  return toFailure(verdict.code, {
    status,
    isRetryable: verdict.isRetryable,
    message: toResponseMessage(status, body),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
