import { AppError } from '../../../base/app-error.ts'
import type { SignInConfig } from '../../../config/directory-config.ts'
import type { User } from '../../../users/user.ts'

/**
 * After the password was found right, so that nobody learns by this whose still counts. Errors: `password_sign_in_off`.
 */
export function assertPasswordSignIn(signIn: SignInConfig, user: Pick<User, 'email' | 'role'>): void {
  const { breakGlassEmail } = signIn
  if (breakGlassEmail === null || (user.email === breakGlassEmail && user.role === 'admin')) return
  throw new AppError('password_sign_in_off')
}
