import type { CreateApiKeyRequest } from '@llmchat/protocol/api/auth-schema'
import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import { AppError } from '../base/app-error.ts'

const MAX_RATE_LIMIT = 10_000_000
const MAX_DAYS = 3650
const DAY_MS = 86_400_000
const allScopes: readonly ApiKeyScope[] = ['chat', 'read', 'admin', 'scim']

/** What was typed as a key to be made. Empty texts: not said. Errors: `invalid_request`. */
export function toNewApiKey(
  typed: { keyName: string; rateLimit: string; scopes: string; expiresDays: string },
  nowMs: number,
): CreateApiKeyRequest {
  const days = parseCount('--expires-days', typed.expiresDays, MAX_DAYS)
  const scopes = parseScopes(typed.scopes)
  return {
    name: typed.keyName,
    rateLimitPerMinute: parseCount('--rate-limit', typed.rateLimit, MAX_RATE_LIMIT),
    expiresAt: days === null ? null : new Date(nowMs + days * DAY_MS).toISOString(),
    ...(scopes === null ? {} : { scopes }),
  }
}

function parseCount(option: string, text: string, max: number): number | null {
  if (text === '') return null
  const count = Number(text)
  if (/^[1-9]\d*$/.test(text) && count <= max) return count
  throw new AppError('invalid_request', { message: `${option} must be a whole number from 1 to ${String(max)}.` })
}

function parseScopes(text: string): ApiKeyScope[] | null {
  if (text === '') return null
  const words = text.split(',').map((word) => word.trim())
  const scopes = allScopes.filter((scope) => words.includes(scope))
  if (scopes.length > 0 && words.every((word) => scopes.some((scope) => scope === word))) return scopes
  throw new AppError('invalid_request', {
    message: `--scopes must be of ${allScopes.join(', ')}, separated by commas.`,
  })
}
