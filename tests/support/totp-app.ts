import { toStep, toTotpCode } from '../../backend/src/users/totp.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What an authenticator app shows for a typed secret, `steps` of 30 s from now. */
export function readTotpApp(secret: string, nowMs: number, steps = 0): string {
  const bits = Array.from(secret)
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2))
  return toTotpCode(Buffer.from(bytes), toStep(nowMs) + steps)
}
