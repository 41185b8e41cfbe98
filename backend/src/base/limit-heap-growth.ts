import { setFlagsFromString } from 'node:v8'

/**
 * By how much the heap may grow, in percent of what is alive, before V8 collects. By itself V8 lets garbage grow to five
 * times what is alive beside the embedded database, and collects more often than it pays without it. Figures:
 * docs/PERFORMANCE_TUNING_GUIDE.md.
 */
export function limitHeapGrowth(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}
