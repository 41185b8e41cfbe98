import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Database } from '../db/database.ts'
import { createApiKeys, type ApiKeys } from './api-keys.ts'
import { checkPassword, type CheckedPassword } from './check-password.ts'
import type { DirectoryRules } from '../config/directory-config.ts'
import { createFirstAdmin } from './create-user.ts'
import type { RecordActs } from './directory/directory-act.ts'
import type { DirectoryPerson } from './directory/directory-person.ts'
import { signInFromDirectory, type DirectorySignIn } from './directory/sign-in-from-directory.ts'
import type { HashingGate } from './hashing-gate.ts'
import { createLoginSessions, type LoginSessions } from './login-sessions.ts'
import { deleteExpiredTokens } from './one-time-tokens.ts'
import { createPasswordLinks, type PasswordLinks } from './password-links.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { createSecondFactor, type SecondFactor, type SecondFactorDeps } from './second-factor.ts'
import type { SetUpToken } from './set-up-token.ts'
import { assertPassword, changePassword } from './store-password.ts'
import { hasUsers } from './user-repository.ts'
import type { User } from './user.ts'

interface UsersDoorDeps {
  database: Database
  cache: Pick<CacheService, 'getOrSet' | 'del'>
  clock: Clock
  createId: CreateId
  passwords: PasswordHasher
  setUpToken: SetUpToken
  totpSeal: SecondFactorDeps['totpSeal']
}

/** What the HTTP edge needs of this room, in one piece. */
export interface UsersDoor extends LoginSessions, ApiKeys, PasswordLinks, SecondFactor, HashingGate {
  /** False on a new installation. */
  hasAdmin(): Promise<boolean>
  checkPassword(email: string, password: string): Promise<CheckedPassword>
  /** Errors: `account_unknown`, `account_exists`, `account_deactivated`. */
  signInFromDirectory(person: DirectoryPerson, rules: DirectoryRules, record: RecordActs): Promise<DirectorySignIn>
  /** Ends all of the person's login sessions. Errors: `invalid_credentials`, `password_refused`. */
  changePassword(user: User, change: { currentPassword: string; newPassword: string }): Promise<void>
  /** Errors: `invalid_credentials`. */
  assertPassword(userId: string, password: string): Promise<void>
  /** Errors: `set_up_closed`, `set_up_token_invalid`, `invalid_request`, `password_refused`. */
  setUpAdmin(request: { token: string; email: string; password: string; name?: string }): Promise<User>
}

export function createUsersDoor(
  deps: UsersDoorDeps,
  options: { loginSession: { idleMs: number; absoluteMs: number } },
): UsersDoor {
  let isSetUp = false
  const loginSessions = createLoginSessions(deps, options.loginSession)
  const passwordDeps = { ...deps, loginSessions }
  return {
    ...loginSessions,
    ...createApiKeys(deps),
    ...createPasswordLinks(passwordDeps),
    ...createSecondFactor(deps),
    admit: (client, act) => deps.passwords.admit(client, act),
    async deleteExpired() {
      return (await loginSessions.deleteExpired()) + (await deleteExpiredTokens(deps))
    },
    changePassword: (user, change) => changePassword(passwordDeps, user, change),
    signInFromDirectory: (person, rules, record) => signInFromDirectory(deps, person, rules, record),
    assertPassword: (userId, password) => assertPassword(deps, userId, password),
    async hasAdmin() {
      // Once there is somebody there is somebody for ever; every visitor's page asks.
      isSetUp ||= await hasUsers(deps)
      return isSetUp
    },
    checkPassword: (email, password) => checkPassword(deps, { email, password }),
    async setUpAdmin({ token, ...user }) {
      if (await hasUsers(deps)) throw new AppError('set_up_closed')
      if (!deps.setUpToken.isToken(token)) throw new AppError('set_up_token_invalid')
      return createFirstAdmin(deps, user)
    },
  }
}
