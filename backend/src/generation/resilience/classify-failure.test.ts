import type { ErrorCode } from '@llmchat/protocol/error-code'
import { expect, it } from 'vitest'
import { toFailure } from '../../providers/provider-failure.ts'
import { toBreakerOutcome } from './classify-failure.ts'

it.each<[ErrorCode, string]>([
  ['upstream_failed', 'failed'],
  ['upstream_auth', 'failed'],
  ['upstream_rate_limited', 'unknown'],
  ['upload_not_found', 'unknown'],
  ['file_store_unavailable', 'unknown'],
  ['upstream_content_filter', 'answered'],
])('%s tells the circuit: %s', (code, kind) => {
  expect(toBreakerOutcome(toFailure(code)).kind).toBe(kind)
})
