import type { FastifyRequest } from 'fastify'
import { AppError } from '../../../base/app-error.ts'
import type { User } from '../../../users/user.ts'
import { auditFailedLogin } from '../../audit/audit-failed-login.ts'
import { assertPasswordSignIn } from './assert-password-sign-in.ts'
import type { AuthRouteDeps } from './auth-route-deps.ts'
import { enterFromDirectory } from './enter-from-directory.ts'

interface Visitor {
  user: User
  method: 'password' | 'ldap'
}

/**
 * By a password of this place first, then by one of the directory: whoever has an account here keeps getting in while the
 * directory is away. Errors: `invalid_credentials`, `password_sign_in_off`, `rate_limited`, `directory_unavailable`,
 * `overloaded`, and those of `enterFromDirectory`.
 */
export async function authenticateVisitor(
  deps: AuthRouteDeps,
  request: FastifyRequest,
  { email, password }: { email: string; password: string },
): Promise<Visitor> {
  const { ldap } = deps
  // Only the hash is behind the gate: a directory that hangs must not keep the places of those who do not need it.
  const checked = await deps.signInGate.enter(request, { email }, () => deps.users.checkPassword(email, password))

  async function enter(): Promise<Visitor> {
    if (checked.user !== null) {
      assertPasswordSignIn(deps.config.signIn, checked.user)
      return { user: checked.user, method: 'password' }
    }
    const { source } = checked
    // A password of ours that was mistyped is nothing for the directory to hear.
    const isTheirs = ldap !== null && (source === null || source === 'ldap' || ldap.config.isLinkByEmail)
    const person = isTheirs ? await ldap.authenticate(email, password) : null
    if (ldap === null || person === null) throw new AppError('invalid_credentials')
    return { user: await enterFromDirectory(deps, request, person, ldap.config), method: 'ldap' }
  }

  return auditFailedLogin(deps, request, email, enter)
}
