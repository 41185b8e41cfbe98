import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { TotpEnrolment, TotpState } from '@llmchat/protocol/api/identity-schema'
import { AppError } from '../base/app-error.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { findOneTimeToken, createOneTimeToken, useOneTimeToken, type OneTimeTokenDeps } from './one-time-tokens.ts'
import { createRecoveryCode, toRecoveryCodeHash } from './recovery-code.ts'
import { findTotpStep, toBase32, toTotpUri } from './totp.ts'
import { findActiveUser } from './user-repository.ts'
import type { User } from './user.ts'

export interface SecondFactorDeps extends OneTimeTokenDeps {
  /** Seals text for one owner; opens nobody else's. */
  totpSeal: { seal(text: string, owner: string): string; unseal(sealed: string, owner: string): string }
}

/** Codes of an authenticator app, and the codes for the day it is lost. */
export interface SecondFactor {
  getTotpState(userId: string): Promise<TotpState>
  /** A new secret, not asked for yet; one that was never confirmed is replaced. Errors: `totp_already_enabled`. */
  beginTotp(user: User): Promise<TotpEnrolment>
  /** Switches it on; returns the recovery codes, this once. Errors: `totp_not_enrolled`, `second_step_invalid`. */
  confirmTotp(userId: string, code: string): Promise<string[]>
  disableTotp(userId: string): Promise<void>
  /** New ones; the old ones are worth nothing. Errors: `totp_not_enrolled`. */
  renewRecoveryCodes(userId: string): Promise<string[]>
  /** For a person whose password was right; null: nothing more is asked of them. */
  openSecondStep(
    userId: string,
    options: { isPersistent: boolean },
  ): Promise<{ ticket: string; expiresAt: Date } | null>
  /** Who a ticket is for, without using it: whose attempts are counted. Errors: `second_step_expired`. */
  getSecondStepUser(ticket: string): Promise<User>
  /** Errors: `second_step_expired`, `second_step_invalid`. */
  passSecondStep(ticket: string, code: string): Promise<{ user: User; isPersistent: boolean; isRecovery: boolean }>
}

const SECRET_BYTES = 20
const RECOVERY_CODES = 10
const TICKET_TTL_MS = 5 * 60_000
const MAX_FAILURES = 5

/** False: there was none, or only one that was never confirmed. */
export async function deleteSecondFactor(trx: Kysely<DatabaseSchema>, userId: string): Promise<boolean> {
  await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  const deleted = await trx
    .deleteFrom('user_totp')
    .where('user_id', '=', userId)
    .returning('confirmed_at')
    .executeTakeFirst()
  return deleted?.confirmed_at != null
}

export function createSecondFactor(deps: SecondFactorDeps): SecondFactor {
  const { database, clock } = deps

  function findTotp(userId: string) {
    return database.kysely
      .selectFrom('user_totp')
      .select(['secret_sealed', 'confirmed_at'])
      .where('user_id', '=', userId)
      .executeTakeFirst()
  }

  /** Takes the step of a right code, once: a code that was seen over a shoulder is worth nothing. */
  async function takeTotp(trx: Kysely<DatabaseSchema>, userId: string, sealed: string, code: string): Promise<boolean> {
    const secret = Buffer.from(deps.totpSeal.unseal(sealed, userId), 'base64url')
    const step = findTotpStep(secret, code.replaceAll(' ', ''), clock.nowMs())
    if (step === null) return false
    const taken = await trx
      .updateTable('user_totp')
      .set({ last_step: step })
      .where('user_id', '=', userId)
      .where('last_step', '<', step)
      .returning('user_id')
      .executeTakeFirst()
    return taken !== undefined
  }

  async function takeRecoveryCode(trx: Kysely<DatabaseSchema>, userId: string, code: string): Promise<boolean> {
    const taken = await trx
      .updateTable('recovery_codes')
      .set({ used_at: new Date(clock.nowMs()) })
      .where('user_id', '=', userId)
      .where('code_hash', '=', toRecoveryCodeHash(code))
      .where('used_at', 'is', null)
      .returning('user_id')
      .executeTakeFirst()
    return taken !== undefined
  }

  async function replaceRecoveryCodes(trx: Kysely<DatabaseSchema>, userId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, createRecoveryCode)
    await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
    await trx
      .insertInto('recovery_codes')
      .values(codes.map((code) => ({ user_id: userId, code_hash: toRecoveryCodeHash(code) })))
      .execute()
    return codes
  }

  async function getTicket(ticket: string) {
    const found = await findOneTimeToken(deps, 'second-step', ticket)
    const user = found?.userId == null ? null : await findActiveUser(deps, found.userId)
    if (found === null || user === null) throw new AppError('second_step_expired')
    return { id: found.id, content: found.content, user }
  }

  /** Counted before the code is looked at, so that parallel attempts get no more than others. */
  async function countAttempt(id: string): Promise<void> {
    const counted = await database.kysely
      .updateTable('one_time_tokens')
      .set((set) => ({ failures: set('failures', '+', 1) }))
      .where('id', '=', id)
      .where('failures', '<', MAX_FAILURES)
      .returning('id')
      .executeTakeFirst()
    if (counted === undefined) throw new AppError('second_step_expired')
  }

  return {
    async getTotpState(userId) {
      const totp = await findTotp(userId)
      if (totp?.confirmed_at == null) return { isEnabled: false, recoveryCodesLeft: 0 }
      const { left } = await database.kysely
        .selectFrom('recovery_codes')
        .select((select) => select.fn.countAll<number>().as('left'))
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow()
      return { isEnabled: true, recoveryCodesLeft: left }
    },
    async beginTotp(user) {
      const secret = randomBytes(SECRET_BYTES)
      const sealed = deps.totpSeal.seal(secret.toString('base64url'), user.id)
      const begun = await database.kysely
        .insertInto('user_totp')
        .values({ user_id: user.id, secret_sealed: sealed })
        .onConflict((conflict) =>
          conflict
            .column('user_id')
            .doUpdateSet({ secret_sealed: sealed, last_step: 0 })
            .where('user_totp.confirmed_at', 'is', null),
        )
        .returning('user_id')
        .executeTakeFirst()
      if (begun === undefined) throw new AppError('totp_already_enabled')
      return { secret: toBase32(secret), uri: toTotpUri(secret, user.email) }
    },
    async confirmTotp(userId, code) {
      const totp = await findTotp(userId)
      if (totp === undefined) throw new AppError('totp_not_enrolled')
      if (totp.confirmed_at !== null) throw new AppError('totp_already_enabled')
      return database.transaction(async (trx) => {
        if (!(await takeTotp(trx, userId, totp.secret_sealed, code))) throw new AppError('second_step_invalid')
        const now = new Date(clock.nowMs())
        await trx.updateTable('user_totp').set({ confirmed_at: now }).where('user_id', '=', userId).execute()
        return replaceRecoveryCodes(trx, userId)
      })
    },
    async disableTotp(userId) {
      await database.transaction((trx) => deleteSecondFactor(trx, userId))
    },
    async renewRecoveryCodes(userId) {
      const totp = await findTotp(userId)
      if (totp?.confirmed_at == null) throw new AppError('totp_not_enrolled')
      return database.transaction((trx) => replaceRecoveryCodes(trx, userId))
    },
    async openSecondStep(userId, { isPersistent }) {
      const totp = await findTotp(userId)
      if (totp?.confirmed_at == null) return null
      const made = { kind: 'second-step', userId, content: { isPersistent }, ttlMs: TICKET_TTL_MS } as const
      const { token, expiresAt } = await createOneTimeToken(deps, made)
      return { ticket: token, expiresAt }
    },
    async getSecondStepUser(ticket) {
      return (await getTicket(ticket)).user
    },
    async passSecondStep(ticket, code) {
      const { id, user, content } = await getTicket(ticket)
      await countAttempt(id)
      const userId = user.id
      const totp = await findTotp(userId)
      if (totp === undefined) throw new AppError('second_step_expired')
      const isRecovery = code.replace(/[^A-Za-z0-9]/g, '').length > 8
      await database.transaction(async (trx) => {
        const isRight = isRecovery
          ? await takeRecoveryCode(trx, userId, code)
          : await takeTotp(trx, userId, totp.secret_sealed, code)
        if (!isRight) throw new AppError('second_step_invalid')
        if (!(await useOneTimeToken(trx, deps, id))) throw new AppError('second_step_expired')
      })
      return { user, isPersistent: content['isPersistent'] === true, isRecovery }
    },
  }
}
