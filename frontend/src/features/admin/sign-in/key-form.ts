import type { CreateApiKeyRequest } from '@llmchat/protocol/api/auth-schema'
import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'

/** What stands in the fields; `expiresAt` in the reader's own zone, as the browser's field has it. */
export interface KeyForm {
  name: string
  scopes: readonly ApiKeyScope[]
  expiresAt: string
  rateLimit: string
}

export interface KeyProblems {
  name?: true
  scopes?: true
  expiresAt?: true
  rateLimit?: true
}

export const emptyKeyForm: KeyForm = { name: '', scopes: ['chat', 'read'], expiresAt: '', rateLimit: '' }

const maxRateLimit = 10_000_000

/** What the server would refuse. */
export function findKeyProblems(form: KeyForm, nowMs: number): KeyProblems {
  const rate = Number(form.rateLimit)
  const isRate = form.rateLimit.trim() === '' || (Number.isInteger(rate) && rate >= 1 && rate <= maxRateLimit)
  const isLater = form.expiresAt === '' || Date.parse(form.expiresAt) > nowMs
  return {
    ...(form.name.trim() === '' ? { name: true } : {}),
    ...(form.scopes.length === 0 ? { scopes: true } : {}),
    ...(isLater ? {} : { expiresAt: true }),
    ...(isRate ? {} : { rateLimit: true }),
  }
}

/** Only for a form without problems. */
export function toKeyRequest(form: KeyForm): CreateApiKeyRequest {
  return {
    name: form.name.trim(),
    scopes: [...form.scopes],
    expiresAt: form.expiresAt === '' ? null : new Date(form.expiresAt).toISOString(),
    rateLimitPerMinute: form.rateLimit.trim() === '' ? null : Number(form.rateLimit),
  }
}
