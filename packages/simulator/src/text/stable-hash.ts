/** FNV-1a over UTF-16 code units: the same text gives the same unsigned 32-bit number on every machine. */
export function toStableHash(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** A new unsigned 32-bit seed that depends on both arguments. */
export function toDerivedSeed(seed: number, salt: string): number {
  return toStableHash(`${salt}/${String(seed >>> 0)}`)
}

/**
 * `length` hexadecimal digits derived from a key and a salt. The key is hashed last: keys that collide after one salt
 * must not collide after the next one.
 */
export function toHexDigits(key: number | string, salt: string, length: number): string {
  let digits = ''
  for (let part = 0; digits.length < length; part += 1) {
    const hash = toStableHash(`${salt}.${String(part)}/${String(key)}`)
    digits += (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0).toString(16).padStart(8, '0')
  }
  return digits.slice(0, length)
}

/** A UUID (version 4 in form) derived from a key and a salt. */
export function toDerivedUuid(key: number | string, salt: string): string {
  const digits = toHexDigits(key, salt, 32)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-')
}

/** A fixed Unix time in seconds for a seed, so that recorded streams repeat byte for byte. */
export function toFixedCreatedAt(seed: number): number {
  return 1_770_000_000 + (seed % 1_000_000)
}

/** Mulberry32: a small generator of numbers in [0, 1) that only depends on the seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
