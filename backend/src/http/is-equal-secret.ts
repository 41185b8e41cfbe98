import { createHash, timingSafeEqual } from 'node:crypto'

/** In constant time, whatever the lengths are: digests are compared. */
export function isEqualSecret(given: string, expected: string): boolean {
  return timingSafeEqual(toDigest(given), toDigest(expected))
}

function toDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
