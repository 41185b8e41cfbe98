import { createHmac, timingSafeEqual } from 'node:crypto'

/** RFC 6238 as authenticator apps do it: SHA-1, six digits, 30 s. Others are seldom understood by apps. */
const STEP_MS = 30_000
const DIGITS = 6
/** A phone's clock may be one step off, either way. */
const DRIFT_STEPS = 1

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function toBase32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[parseInt(five.padEnd(5, '0'), 2)] ?? '').join('')
}

export function toStep(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS)
}

/** The code of one step (RFC 4226 with the step as counter). */
export function toTotpCode(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest[digest.length - 1] ?? 0) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** The step a code belongs to, or null. Every candidate is compared, each in constant time. */
export function findTotpStep(secret: Buffer, code: string, nowMs: number): number | null {
  const given = Buffer.from(code.padEnd(DIGITS, ' ').slice(0, DIGITS))
  const now = toStep(nowMs)
  let found: number | null = null
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step += 1) {
    const expected = Buffer.from(toTotpCode(secret, step))
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step
  }
  return code.length === DIGITS ? found : null
}

/** What a QR code holds. */
export function toTotpUri(secret: Buffer, account: string): string {
  const issuer = 'LLMChat'
  const query = new URLSearchParams({ secret: toBase32(secret), issuer, algorithm: 'SHA1', digits: String(DIGITS) })
  return `otpauth://totp/${issuer}:${encodeURIComponent(account)}?${query.toString()}&period=${String(STEP_MS / 1000)}`
}
