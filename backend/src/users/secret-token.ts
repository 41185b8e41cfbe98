import { createHash, randomBytes } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Digits of base 62 that 256 bits take. */
const BASE62_LENGTH = 43

/** 256 random bits for a cookie or a link. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** `lc_` and 256 random bits in letters and digits: one double click selects it, and leak scanners can know it. */
export function createApiKeySecret(): string {
  let rest = BigInt(`0x${randomBytes(32).toString('hex')}`)
  let digits = ''
  for (let index = 0; index < BASE62_LENGTH; index += 1) {
    digits = (BASE62[Number(rest % 62n)] ?? '') + digits
    rest /= 62n
  }
  return `lc_${digits}`
}

/** What is stored of a token. Plain SHA-256 is enough: nobody guesses 256 random bits. */
export function toTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
