import { AppError } from '../../base/app-error.ts'
import { findBearerToken } from '../find-bearer-token.ts'
import { isEqualSecret } from '../is-equal-secret.ts'
import { isLoopbackRequest } from '../is-loopback-request.ts'
import type { Policy } from './policy.ts'

/** The command line of this machine, which can read the lock file's token; to anybody else there is nothing here. */
export function isCommandLine(deps: { token: string | null }): Policy {
  return {
    name: 'is-command-line',
    assert(request) {
      const token = findBearerToken(request)
      const isAllowed =
        isLoopbackRequest(request) && token !== null && deps.token !== null && isEqualSecret(token, deps.token)
      if (!isAllowed) throw new AppError('not_found')
    },
  }
}
