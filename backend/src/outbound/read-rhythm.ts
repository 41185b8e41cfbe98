/**
 * One beat for all streams of the process. A wake-up per upstream token costs more than parsing it, so sockets stop
 * reading after each read and go on together at the next beat; in between the kernel gathers.
 */
export interface ReadRhythm {
  /** Calls back once, at the next beat. The beat runs only while somebody waits for it. */
  atNextBeat(callback: () => void): void
  /** Calls back once, after all sockets that are ready now have been read. */
  afterReads(callback: () => void): void
  stop(): void
}

export function createReadRhythm(options: { gatherMs: number }): ReadRhythm {
  let waiting: (() => void)[] = []
  let reading: (() => void)[] = []
  let timer: NodeJS.Timeout | null = null
  let immediate: NodeJS.Immediate | null = null

  function beat(): void {
    timer = null
    const callbacks = waiting
    waiting = []
    for (const callback of callbacks) callback()
  }

  function deliver(): void {
    immediate = null
    const callbacks = reading
    reading = []
    for (const callback of callbacks) callback()
  }

  return {
    atNextBeat(callback) {
      waiting.push(callback)
      // Aligned to the clock, so that streams which begin apart still share their beats.
      timer ??= setTimeout(beat, options.gatherMs - (performance.now() % options.gatherMs))
    },
    afterReads(callback) {
      reading.push(callback)
      immediate ??= setImmediate(deliver)
    },
    stop() {
      if (timer) clearTimeout(timer)
      if (immediate) clearImmediate(immediate)
      beat()
      deliver()
    },
  }
}
