/** Collects changes and paints them at most once per animation frame. */
export interface FramePainter {
  /** Asks for a paint in the next frame. */
  schedule: () => void
  /** Paints now what is waiting, if anything is. */
  flush: () => void
  close: () => void
}

/** `requestFrame` gives the function that calls the frame off. A hidden tab has no frames: what waits is then painted on `flush`. */
export function createFramePainter(paint: () => void, requestFrame: (run: () => void) => () => void): FramePainter {
  let cancelFrame: (() => void) | null = null
  const close = () => {
    cancelFrame?.()
    cancelFrame = null
  }
  return {
    schedule() {
      cancelFrame ??= requestFrame(() => {
        cancelFrame = null
        paint()
      })
    },
    flush() {
      if (!cancelFrame) return
      close()
      paint()
    },
    close,
  }
}
