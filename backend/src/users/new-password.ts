import { AppError } from '../base/app-error.ts'

const MIN_LENGTH = 12
const MAX_LENGTH = 1024

/** The rule for new passwords: length and nothing else. Throws AppError `invalid_request`. */
export function assertNewPassword(password: string): void {
  if (password.length < MIN_LENGTH || password.length > MAX_LENGTH) {
    throw new AppError('invalid_request', {
      message: `A password must have at least ${String(MIN_LENGTH)} characters.`,
      details: { field: 'password', minLength: MIN_LENGTH },
    })
  }
}
