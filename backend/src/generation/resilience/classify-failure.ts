import type { ErrorCode } from '@llmchat/protocol/error-code'
import type { ProviderFailure } from '../../providers/provider-part.ts'
import type { BreakerOutcome } from './breaker-rules.ts'

/** The upstream does not work, whatever it is asked. */
const brokenCodes: ReadonlySet<ErrorCode> = new Set([
  'upstream_unreachable',
  'upstream_failed',
  'upstream_bad_response',
  'upstream_no_content',
  'upstream_idle',
  'upstream_truncated',
  'upstream_quota',
  'upstream_auth',
])

/** It is asked too much, by us or by others: neither well nor broken. */
const busyCodes: ReadonlySet<ErrorCode> = new Set(['upstream_rate_limited', 'upstream_busy'])

/** It lies with us: the upstream was not asked. */
const ownCodes: ReadonlySet<ErrorCode> = new Set(['upload_not_found', 'file_store_unavailable'])

/** It lies in the question: another agent must not be asked what one has refused, and no agent is ill because of it. */
const refusedCodes: ReadonlySet<ErrorCode> = new Set([
  'upstream_content_filter',
  'upstream_context_too_long',
  'upstream_rejected',
  'outbound_blocked',
])

/**
 * What a failure says of its upstream. A refused key (401) opens the circuit at once: it will be refused again, and a
 * repaired key has a circuit of its own. A 403 may be a firewall that dislikes one text, so it counts as one failure.
 */
export function toBreakerOutcome(failure: ProviderFailure): BreakerOutcome {
  if (busyCodes.has(failure.code) || ownCodes.has(failure.code)) return { kind: 'unknown' }
  if (!brokenCodes.has(failure.code)) return { kind: 'answered' }
  return { kind: 'failed', cause: failure.code, isDecisive: failure.code === 'upstream_auth' && failure.status === 401 }
}

/** Whether an answer that ended so says that its agent is unwell. */
export function isAgentsFault(code: ErrorCode): boolean {
  return brokenCodes.has(code) || busyCodes.has(code)
}

/** Whether the next agent may be asked the same. */
export function canFallBack(failure: ProviderFailure): boolean {
  return !refusedCodes.has(failure.code)
}
