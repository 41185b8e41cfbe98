const firstDelayMs = 250
const longestDelayMs = 8_000

/**
 * How long to wait before attempt `failures + 1`: 0.25 s doubling to 8 s, half of it by chance, so that the tabs of a
 * whole company do not come back in one moment. `random` is in [0, 1).
 */
export function toBackOffMs(failures: number, random: number): number {
  const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, failures))
  return Math.max(firstDelayMs, Math.round(ceilingMs * (0.5 + random / 2)))
}
