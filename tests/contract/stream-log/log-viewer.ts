import type { LogFrame, LogViewer, ViewEnd } from '../../../backend/src/stream-log/stream-log.ts'

/** A frame whose data tells who wrote it. */
export function toFrame(seq: number, isTerminal = false, by = ''): LogFrame {
  return { seq, data: JSON.stringify({ type: isTerminal ? 'finish' : 'text-delta', seq, by }), isTerminal }
}

export function toFrames(fromSeq: number, toSeq: number, by = ''): LogFrame[] {
  return Array.from({ length: toSeq - fromSeq + 1 }, (_none, index) => toFrame(fromSeq + index, false, by))
}

export function toSeqs(frames: readonly LogFrame[] | null | undefined): number[] | null {
  return frames?.map((frame) => frame.seq) ?? null
}

interface RecordingViewer extends LogViewer {
  seen: number[]
  frames: LogFrame[]
  ends: () => number
  why: () => ViewEnd | null
}

export function createViewer(): RecordingViewer {
  const seen: number[] = []
  const frames: LogFrame[] = []
  const ends: ViewEnd[] = []
  return {
    seen,
    frames,
    ends: () => ends.length,
    why: () => ends[0] ?? null,
    onFrames(shown) {
      for (const frame of shown) {
        seen.push(frame.seq)
        frames.push(frame)
      }
    },
    onEnd: (why) => ends.push(why),
  }
}

/** 1, 2, 3 … */
export function countFrom(fromSeq: number, toSeq: number): number[] {
  return Array.from({ length: toSeq - fromSeq + 1 }, (_none, index) => fromSeq + index)
}
