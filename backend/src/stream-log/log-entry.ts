import type { LogFrame } from './stream-log.ts'

/** What one append brought: the frames after `afterSeq`, oldest first. */
export interface LogEntry {
  afterSeq: number
  frames: readonly LogFrame[]
}

// A ChatEvent, and an owner's note, is JSON on one line, so that a line feed can only be ours.
const separator = '\n'
/** Begins the line of an owner's note, which belongs to the frame before it. No JSON begins with it. */
const noteMark = '#'

/** `d`, or `t` when the last frame is the terminal one. */
export function toEntryKind(frames: readonly LogFrame[]): 'd' | 't' {
  return frames.at(-1)?.isTerminal === true ? 't' : 'd'
}

export function toEntryText(frames: readonly LogFrame[]): string {
  const [only] = frames
  return frames.length === 1 && only ? toFrameText(only) : frames.map(toFrameText).join(separator)
}

function toFrameText({ data, ownerNote }: LogFrame): string {
  return ownerNote === undefined ? data : data + separator + noteMark + ownerNote
}

/** An entry of the stream, whose id carries the seq of its last frame. */
export function parseStoredEntry(id: string, kind: string, text: string): LogEntry {
  const lastSeq = Number.parseInt(id, 10)
  const lines = text.split(separator)
  return toEntry(lastSeq - lines.filter((line) => !line.startsWith(noteMark)).length, kind, lines)
}

/** A published append (`<after seq>d<frames>`), or null for the news that the log was begun anew. */
export function parsePublishedEntry(message: string): LogEntry | null {
  const head = /^(\d+)([dtr])/.exec(message)
  const [all = '', afterSeq = '', kind = 'r'] = head ?? []
  return kind === 'r' ? null : toEntry(Number(afterSeq), kind, message.slice(all.length).split(separator))
}

function toEntry(afterSeq: number, kind: string, lines: readonly string[]): LogEntry {
  const frames: LogFrame[] = []
  for (const line of lines) {
    const before = frames.at(-1)
    if (!line.startsWith(noteMark)) frames.push({ seq: afterSeq + frames.length + 1, data: line, isTerminal: false })
    else if (before) before.ownerNote = line.slice(noteMark.length)
  }
  const last = frames.at(-1)
  if (last && kind === 't') last.isTerminal = true
  return { afterSeq, frames }
}
