import { parseStoredEntry, toEntryKind, toEntryText } from './log-entry.ts'
import type { LogFrame } from './stream-log.ts'

/** Frames that follow each other, as they would stand in one entry of the shared log. */
interface Block {
  lastSeq: number
  count: number
  kind: 'd' | 't'
  text: Buffer
}

const framesPerBlock = 32
/** Of a frame: the object, the string's head, its place in the list. */
const frameOverheadBytes = 72
const blockOverheadBytes = 200

function toBytes(frame: LogFrame): number {
  return frameOverheadBytes + 2 * frame.data.length
}

/**
 * The frames of one log in memory. All but the latest are kept as bytes outside of the heap: as objects a thousand answers
 * of 200 tokens took three times as much, and the garbage collector went through them.
 */
export class HeldFrames {
  #blocks: Block[] = []
  #latest: LogFrame[] = []
  #blockBytes = 0
  #latestBytes = 0

  /** About what it takes in memory. */
  get bytes(): number {
    return this.#blockBytes + this.#latestBytes
  }

  add(frames: readonly LogFrame[]): void {
    for (const frame of frames) {
      this.#latest.push(frame)
      this.#latestBytes += toBytes(frame)
      if (this.#latest.length >= framesPerBlock || frame.isTerminal) this.#pack()
    }
  }

  /** Without the first `count`. */
  skip(count: number): LogFrame[] {
    const frames: LogFrame[] = []
    let left = count
    for (const block of this.#blocks) {
      if (left < block.count) frames.push(...unpack(block).slice(left))
      left = Math.max(0, left - block.count)
    }
    return [...frames, ...this.#latest.slice(left)]
  }

  /** Forgets the first `count`. */
  drop(count: number): void {
    const rest = this.skip(count)
    this.#blocks = []
    this.#latest = []
    this.#blockBytes = 0
    this.#latestBytes = 0
    this.add(rest)
  }

  #pack(): void {
    const frames = this.#latest
    const text = toOwnBuffer(toEntryText(frames))
    this.#blocks.push({ lastSeq: frames.at(-1)?.seq ?? 0, count: frames.length, kind: toEntryKind(frames), text })
    this.#blockBytes += text.length + blockOverheadBytes
    this.#latest = []
    this.#latestBytes = 0
  }
}

/** `Buffer.from` would put it into a pool, of which one long-lived piece keeps all the short-lived ones beside it. */
function toOwnBuffer(text: string): Buffer {
  const buffer = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  buffer.write(text)
  return buffer
}

function unpack({ lastSeq, kind, text }: Block): readonly LogFrame[] {
  return parseStoredEntry(String(lastSeq), kind, text.toString()).frames
}
