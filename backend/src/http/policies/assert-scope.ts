import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import { AppError } from '../../base/app-error.ts'
import type { Requester } from '../app-types.ts'

/** One of `scopes` is enough; a browser has them all. Errors: `scope_missing`. */
export function assertScope(requester: Requester, scopes: readonly ApiKeyScope[]): void {
  if (requester.apiKey === null || requester.apiKey.scopes.some((scope) => scopes.includes(scope))) return
  throw new AppError('scope_missing', { details: { scopes } })
}
