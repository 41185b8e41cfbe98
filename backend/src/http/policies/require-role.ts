import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { AppError } from '../../base/app-error.ts'
import { assertScope } from './assert-scope.ts'
import type { Policy } from './policy.ts'

/** One of `roles`; an API key also needs the scope `admin`. */
export function requireRole(...roles: UserRole[]): Policy {
  return {
    name: `require-role(${roles.join(', ')})`,
    assert({ requester }) {
      if (requester === null) throw new AppError('unauthenticated')
      if (!roles.includes(requester.user.role)) throw new AppError('forbidden')
      assertScope(requester, ['admin'])
    },
  }
}
