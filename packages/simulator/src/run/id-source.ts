export interface IdSource {
  /** A key for the ids of one request, made of the seed and of how often that seed was asked for since the reset. */
  next(seed: number): string
  reset(): void
}

/** Makes ids of stored things unique and yet the same in every run of the same requests. */
export function createIdSource(maxSeeds: number): IdSource {
  const uses = new Map<number, number>()
  let round = 0
  return {
    next(seed) {
      const used = uses.get(seed) ?? 0
      if (uses.size >= maxSeeds) {
        uses.clear()
        round += 1
      }
      uses.set(seed, used + 1)
      return `${String(seed)}.${String(used)}.${String(round)}`
    },
    reset() {
      uses.clear()
      round = 0
    },
  }
}
