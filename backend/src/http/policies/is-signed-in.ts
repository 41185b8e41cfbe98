import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import { AppError } from '../../base/app-error.ts'
import { assertScope } from './assert-scope.ts'
import type { Policy } from './policy.ts'

/** Everybody we know, for their own things; an API key with one of `scopes`. Whose a thing is, each query asks. */
export function isSignedIn(...scopes: ApiKeyScope[]): Policy {
  return {
    name: `is-signed-in(${scopes.join(', ')})`,
    assert({ requester }) {
      if (requester === null) throw new AppError('unauthenticated')
      assertScope(requester, scopes)
    },
  }
}
