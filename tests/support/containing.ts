import { expect } from 'vitest'

/** Matches any text with `part` in it; Vitest's own matchers have the type `any`, which would spread. */
export function containing(part: string): unknown {
  return expect.stringContaining(part)
}
