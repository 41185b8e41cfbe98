import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { isEqualSecret } from '../is-equal-secret.ts'

/**
 * A cookie that says: from here somebody has signed in to this account. It lets nobody in; it only keeps the failures of
 * others from counting here. Signed, so that no table is needed and any instance can read it.
 */
export interface KnownDevices {
  /** For the cookie of a browser that has just signed in. */
  createMark(email: string): string
  /** The device's id, or null: another account's, too old, or not ours. */
  findDevice(mark: string | undefined, email: string): string | null
}

/** As long as browsers keep a cookie. */
export const deviceMaxAgeMs = 400 * 24 * 3_600_000

const MARK = /^(\d{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export function toAccountKey(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('hex')
}

export function createKnownDevices(deps: { key: Buffer; clock: Pick<Clock, 'nowMs'> }): KnownDevices {
  function sign(issuedS: string, id: string, email: string): string {
    return createHmac('sha256', deps.key)
      .update(`${issuedS}.${id}.${toAccountKey(email)}`)
      .digest('base64url')
  }
  return {
    createMark(email) {
      const issuedS = String(Math.floor(deps.clock.nowMs() / 1000))
      const id = randomBytes(16).toString('base64url')
      return `${issuedS}.${id}.${sign(issuedS, id, email)}`
    },
    findDevice(mark, email) {
      const [, issuedS = '', id = '', signature = ''] = MARK.exec(mark ?? '') ?? []
      if (id === '' || !isEqualSecret(signature, sign(issuedS, id, email))) return null
      return deps.clock.nowMs() - Number(issuedS) * 1000 < deviceMaxAgeMs ? id : null
    },
  }
}
