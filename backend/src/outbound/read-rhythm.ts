import { performance } from 'node:perf_hooks'

/**
 * The beats of reading for all streams of the process. A wake-up per upstream token costs more than parsing it, so a
 * socket stops reading after each read and goes on at its next beat; in between the kernel gathers. Sockets are spread
 * over several beats within one period: libuv accepts one connection per turn of the event loop, so one long turn for
 * all streams would let new connections wait until the listen queue overflows.
 */
export interface ReadRhythm {
  /** The slot a new socket begins in, round robin. */
  assignSlot(): number
  /**
   * Calls back once, at the end of the rest. Returns the slot that this is in, to be given the next time. The beats run
   * only while somebody rests.
   */
  rest(slot: number, length: Rest, callback: () => void): number
  /** Calls back once, after all sockets that are ready now have been read. */
  afterReads(callback: () => void): void
  stop(): void
}

/** `long`: for a stream that brings more in a beat than anybody reads meanwhile. */
export type Rest = 'short' | 'long'

const slotCount = 16
const restSlots: Record<Rest, number> = { short: 11, long: slotCount }
/** How much longer the period may become while the event loop is busy. */
const maxStretch = 4
const stretchStep = 1.25
/** Early: what runs beside it on the machine waits for the processor too, which the event loop takes for idle time. */
const easyUtilization = 0.25
const busyUtilization = 0.4
const measureEveryMs = 200

/** How many times as long the period is, after the event loop was busy for that share (0 to 1) of the last 200 ms. */
export function toStretch(stretch: number, utilization: number): number {
  if (utilization > busyUtilization) return Math.min(maxStretch, stretch * stretchStep)
  if (utilization < easyUtilization) return Math.max(1, stretch / stretchStep)
  return stretch
}

/** `gatherMs`: a short rest while the process has time. */
export function createReadRhythm(options: { gatherMs: number }): ReadRhythm {
  const idleStepMs = options.gatherMs / restSlots.short
  const waiting: (() => void)[][] = Array.from({ length: slotCount }, () => [])
  let waitingCount = 0
  let lastSlot = 0
  let stretch = 1
  let stepMs = idleStepMs
  let nextSlot = 0
  let nextBeatMs = 0
  let measuredAtMs = 0
  let utilization = performance.eventLoopUtilization()
  let reading: (() => void)[] | null = null
  let timer: NodeJS.Timeout | null = null
  let immediate: NodeJS.Immediate | null = null

  function schedule(): void {
    timer ??= setTimeout(beat, stepMs)
  }

  function beat(): void {
    timer = null
    const nowMs = performance.now()
    adapt(nowMs)
    // After a turn that took long, every slot that was missed is played, each once.
    if (nowMs - nextBeatMs > stepMs * slotCount) nextBeatMs = nowMs - stepMs * (slotCount - 1)
    for (; nextBeatMs <= nowMs; nextBeatMs += stepMs) {
      play(nextSlot)
      nextSlot = (nextSlot + 1) % slotCount
    }
    if (waitingCount > 0) schedule()
  }

  /** Under load, tokens come in fewer and larger pieces: what a wake-up costs is shared by more of them. */
  function adapt(nowMs: number): void {
    if (nowMs - measuredAtMs < measureEveryMs) return
    const now = performance.eventLoopUtilization()
    stretch = toStretch(stretch, performance.eventLoopUtilization(now, utilization).utilization)
    stepMs = idleStepMs * stretch
    utilization = now
    measuredAtMs = nowMs
  }

  function play(slot: number): void {
    const callbacks = waiting[slot] ?? []
    waiting[slot] = []
    waitingCount -= callbacks.length
    for (const callback of callbacks) callback()
  }

  function deliver(): void {
    immediate = null
    const callbacks = reading ?? []
    reading = null
    for (const callback of callbacks) callback()
  }

  return {
    assignSlot() {
      lastSlot = (lastSlot + 1) % slotCount
      return lastSlot
    },
    rest(slot, length, callback) {
      if (waitingCount === 0) nextBeatMs = performance.now() + stepMs
      const wakeSlot = (slot + restSlots[length]) % slotCount
      waiting[wakeSlot]?.push(callback)
      waitingCount += 1
      schedule()
      return wakeSlot
    },
    afterReads(callback) {
      reading ??= []
      reading.push(callback)
      immediate ??= setImmediate(deliver)
    },
    stop() {
      if (timer) clearTimeout(timer)
      if (immediate) clearImmediate(immediate)
      for (let slot = 0; slot < slotCount; slot++) play(slot)
      deliver()
    },
  }
}
