import type { User } from '../users/user.ts'
import { AppError } from '../base/app-error.ts'

/** Errors: `forbidden`. */
export function requireAdmin(user: User): void {
  if (user.role !== 'admin') throw new AppError('forbidden')
}
