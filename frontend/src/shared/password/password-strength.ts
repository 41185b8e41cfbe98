/** The shortest password the server takes for a new account. */
export const minPasswordLength = 12

/** 0: too short; 1 weak, 2 fair, 3 good, 4 very good. */
export type PasswordLevel = 0 | 1 | 2 | 3 | 4

/**
 * A hint, not a gate: length counts most, since a long phrase beats a short mixture; few different characters count
 * against it. The server alone decides what it takes.
 */
export function toPasswordLevel(password: string): PasswordLevel {
  const length = Array.from(password).length
  if (length < minPasswordLength) return 0
  const different = new Set(password.toLowerCase()).size
  if (different < 6) return 1
  if (length >= 20 && different >= 10) return 4
  if (length >= 16 || countKinds(password) >= 3) return 3
  return 2
}

function countKinds(password: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length
}
