import type { LogFrame } from './stream-log.ts'

/** What one append brought: the frames after `afterSeq`, oldest first. */
export interface LogEntry {
  afterSeq: number
  frames: readonly LogFrame[]
}

// A ChatEvent is JSON on one line, so that a line feed can only be ours.
const separator = '\n'

/** `d`, or `t` when the last frame is the terminal one. */
export function toEntryKind(frames: readonly LogFrame[]): 'd' | 't' {
  return frames.at(-1)?.isTerminal === true ? 't' : 'd'
}

export function toEntryText(frames: readonly LogFrame[]): string {
  const [only] = frames
  return frames.length === 1 && only ? only.data : frames.map((frame) => frame.data).join(separator)
}

/** An entry of the stream, whose id carries the seq of its last frame. */
export function parseStoredEntry(id: string, kind: string, text: string): LogEntry {
  const texts = text.split(separator)
  return toEntry(Number.parseInt(id, 10) - texts.length, kind, texts)
}

/** A published append (`<after seq>d<frames>`), or null for the news that the log was begun anew. */
export function parsePublishedEntry(message: string): LogEntry | null {
  const head = /^(\d+)([dtr])/.exec(message)
  const [all = '', afterSeq = '', kind = 'r'] = head ?? []
  return kind === 'r' ? null : toEntry(Number(afterSeq), kind, message.slice(all.length).split(separator))
}

function toEntry(afterSeq: number, kind: string, texts: readonly string[]): LogEntry {
  const isClosing = kind === 't'
  const frames = texts.map((data, index) => ({
    seq: afterSeq + index + 1,
    data,
    isTerminal: isClosing && index === texts.length - 1,
  }))
  return { afterSeq, frames }
}
