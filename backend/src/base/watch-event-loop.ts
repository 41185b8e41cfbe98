import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface EventLoopWatch {
  /** How late the event loop ran in the last second, 90th percentile, ms. */
  delayMs(): number
  close(): void
}

const resolutionMs = 20
const windowMs = 1000

/** Watches how late the event loop runs: an overloaded instance must shed new work before it looks dead. */
export function watchEventLoop(): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  let lastMs = 0
  const timer = setInterval(() => {
    lastMs = histogram.percentile(90) / 1e6 - resolutionMs
    histogram.reset()
  }, windowMs)
  timer.unref()
  return {
    delayMs: () => lastMs,
    close() {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
