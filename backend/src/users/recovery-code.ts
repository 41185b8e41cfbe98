import { randomBytes } from 'node:crypto'
import { toTokenHash } from './secret-token.ts'
import { toBase32 } from './totp.ts'

const BYTES = 20
const GROUP = /.{8}/g

/** 160 random bits, too many to guess from the stored hash, in groups one can copy from paper. */
export function createRecoveryCode(): string {
  return (toBase32(randomBytes(BYTES)).match(GROUP) ?? []).join('-')
}

/** As people type it: in any case, with or without the dashes. */
export function toRecoveryCodeHash(code: string): string {
  return toTokenHash(code.toUpperCase().replace(/[^A-Z2-7]/g, ''))
}
