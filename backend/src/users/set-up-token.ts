import { createHash, timingSafeEqual } from 'node:crypto'
import { createToken } from './secret-token.ts'

/** Proves that whoever makes the first admin can read this server's terminal. Lives in memory: a restart makes a new one. */
export interface SetUpToken {
  token: string
  isToken(candidate: string): boolean
}

export function createSetUpToken(): SetUpToken {
  const token = createToken()
  const toDigest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return { token, isToken: (candidate) => timingSafeEqual(toDigest(candidate), toDigest(token)) }
}
