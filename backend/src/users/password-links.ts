import type { Invitation, Link } from '@llmchat/protocol/api/identity-schema'
import { AppError } from '../base/app-error.ts'
import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { insertUser, toUserRow } from './create-user.ts'
import { changeStoredPassword, type PasswordDeps } from './store-password.ts'
import {
  createOneTimeToken,
  findOneTimeToken,
  selectOpenTokens,
  toOneTimeToken,
  useOneTimeToken,
  type CreatedOneTimeToken,
  type OneTimeToken,
  type OneTimeTokenDeps,
} from './one-time-tokens.ts'
import { findActiveUser, findUserByEmail, isFromDirectory, toEmailKey } from './user-repository.ts'
import type { User } from './user.ts'

/** Links an administrator gives to somebody by hand: nothing here sends mail. Each works once. */
export interface PasswordLinks {
  /** Whose it is; the page says so before it asks for a password. Errors: `link_invalid`. */
  getLink(token: string): Promise<Link>
  /** Errors: `user_not_found`; `conflict` for somebody of a directory. */
  createResetLink(userId: string): Promise<CreatedOneTimeToken>
  /** Ends the person's login sessions and their other reset links. Errors: `link_invalid`, `password_refused`. */
  resetPassword(token: string, password: string): Promise<User>
  /** Errors: `conflict` when the address has an account. */
  createInvitation(invited: {
    email: string
    role: UserRole
    name: string
  }): Promise<{ invitation: Invitation; token: string }>
  listInvitations(): Promise<Invitation[]>
  /** Errors: `invitation_not_found`. */
  revokeInvitation(id: string): Promise<void>
  /** `name` null: as the invitation says. Errors: `link_invalid`, `password_refused`, `conflict`. */
  acceptInvitation(token: string, person: { password: string; name: string | null }): Promise<User>
}

const HOUR_MS = 3_600_000
/** A reset link is as good as the password. */
const RESET_TTL_MS = 2 * HOUR_MS
const INVITATION_TTL_MS = 7 * 24 * HOUR_MS
const MAX_LISTED = 500

function toInvitation({ id, content, createdAt, expiresAt }: OneTimeToken): Invitation {
  return {
    id,
    email: String(content['email']),
    name: String(content['name']),
    role: content['role'] === 'admin' ? 'admin' : 'member',
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

/** Errors: `user_not_found`; `conflict` for somebody of a directory. */
export async function createResetLink(deps: OneTimeTokenDeps, userId: string): Promise<CreatedOneTimeToken> {
  if ((await findActiveUser(deps, userId)) === null) throw new AppError('user_not_found')
  if (await isFromDirectory(deps, userId)) {
    // A password of ours would be a way in that the directory knows nothing of.
    throw new AppError('conflict', { message: 'This person signs in through the directory.' })
  }
  return createOneTimeToken(deps, { kind: 'password-reset', userId, content: {}, ttlMs: RESET_TTL_MS })
}

export function createPasswordLinks(deps: PasswordDeps): PasswordLinks {
  const { database } = deps

  async function getToken(kind: 'password-reset' | 'invitation', token: string): Promise<OneTimeToken> {
    const found = await findOneTimeToken(deps, kind, token)
    if (found === null) throw new AppError('link_invalid')
    return found
  }

  async function getOwner({ userId }: OneTimeToken): Promise<User> {
    const user = userId === null ? null : await findActiveUser(deps, userId)
    if (user === null) throw new AppError('link_invalid')
    return user
  }

  return {
    async getLink(token) {
      const reset = await findOneTimeToken(deps, 'password-reset', token)
      if (reset !== null) {
        const { email, name } = await getOwner(reset)
        return { kind: 'password-reset', email, name, expiresAt: reset.expiresAt.toISOString() }
      }
      const { email, name, expiresAt } = toInvitation(await getToken('invitation', token))
      return { kind: 'invitation', email, name, expiresAt }
    },
    createResetLink: (userId) => createResetLink(deps, userId),
    async resetPassword(token, password) {
      const link = await getToken('password-reset', token)
      const user = await getOwner(link)
      await changeStoredPassword(deps, user, password, async (trx) => {
        if (!(await useOneTimeToken(trx, deps, link.id))) throw new AppError('link_invalid')
      })
      return user
    },
    async createInvitation({ email, role, name }) {
      const address = toEmailKey(email)
      if ((await findUserByEmail(deps, address)) !== null) {
        throw new AppError('conflict', { message: `There is already a user ${address}.` })
      }
      const content = { email: address, role, name: name.trim() === '' ? address : name.trim() }
      const made = await createOneTimeToken(deps, {
        kind: 'invitation',
        userId: null,
        content,
        ttlMs: INVITATION_TTL_MS,
      })
      return { invitation: toInvitation({ ...made, kind: 'invitation', userId: null, content }), token: made.token }
    },
    async listInvitations() {
      const rows = await selectOpenTokens(deps, 'invitation').orderBy('created_at', 'desc').limit(MAX_LISTED).execute()
      return rows.map((row) => toInvitation(toOneTimeToken(row)))
    },
    async revokeInvitation(id) {
      const revoked = await database.kysely
        .deleteFrom('one_time_tokens')
        .where('id', '=', id)
        .where('kind', '=', 'invitation')
        .where('used_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (revoked === undefined) throw new AppError('invitation_not_found')
    },
    async acceptInvitation(token, { password, name }) {
      const link = await getToken('invitation', token)
      const invited = toInvitation(link)
      const person = { email: invited.email, name: name ?? invited.name, password }
      const row = await toUserRow(deps, person, invited.role)
      return database.transaction(async (trx) => {
        if (!(await useOneTimeToken(trx, deps, link.id))) throw new AppError('link_invalid')
        return insertUser(trx, row)
      })
    },
  }
}
