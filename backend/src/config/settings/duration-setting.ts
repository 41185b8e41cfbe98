import { createIntegerSetting } from '../setting.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS

/** Milliseconds. */
export function createDurationSetting(
  variable: string,
  defaultMs: number,
  description: string,
  limits: { minMs?: number; maxMs?: number } = {},
) {
  const { minMs: min = 1, maxMs: max = DAY_MS } = limits
  return createIntegerSetting({ variable, description, min, max, default: defaultMs })
}
