import type { ReadRhythm } from './read-rhythm.ts'

/** More than this unread makes the sender wait. */
const maxQueuedBytes = 1_048_576

interface Pending {
  resolve(result: IteratorResult<string, undefined>): void
  reject(error: Error): void
}

/** Lets the connection stop and go on. */
interface FlowControl {
  pause(): void
  resume(): void
}

/**
 * The body of one response: raw bytes in, text out, all that one round of reading brought in a single piece. One
 * streaming decoder, so that a character cut in two arrives whole and a leading byte order mark is dropped.
 */
export class ResponseText implements AsyncIterableIterator<string, undefined> {
  readonly #rhythm: ReadRhythm
  readonly #flow: FlowControl
  readonly #onReturn: () => void
  readonly #decoder = new TextDecoder()
  #chunks: Buffer[] = []
  #queuedBytes = 0
  #isPaused = false
  #isEnded = false
  #isScheduled = false
  #error: Error | null = null
  #pending: Pending | null = null

  constructor(deps: { rhythm: ReadRhythm; flow: FlowControl; onReturn: () => void }) {
    this.#rhythm = deps.rhythm
    this.#flow = deps.flow
    this.#onReturn = deps.onReturn
  }

  /** More bytes; after the end they are dropped. */
  add(chunk: Buffer): void {
    if (this.#isEnded) return
    this.#chunks.push(chunk)
    this.#queuedBytes += chunk.length
    if (this.#queuedBytes > maxQueuedBytes && !this.#isPaused) {
      this.#isPaused = true
      this.#flow.pause()
    }
    this.#schedule()
  }

  /** The body is complete, or broken when `error` is given. What came before it is still delivered. */
  end(error: Error | null): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#error = error
    this.#schedule()
  }

  /** Drops what is unread and ends now. */
  discard(error: Error | null): void {
    this.#chunks = []
    this.end(error)
    this.#deliver()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<string, undefined>> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      this.#deliver()
    })
  }

  return(): Promise<IteratorResult<string, undefined>> {
    this.#onReturn()
    return Promise.resolve({ value: undefined, done: true })
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#pending) return
    this.#isScheduled = true
    this.#rhythm.afterReads(() => {
      this.#isScheduled = false
      this.#deliver()
    })
  }

  #deliver(): void {
    const pending = this.#pending
    if (!pending) return
    const text = this.#takeText()
    if (text !== '') {
      this.#pending = null
      pending.resolve({ value: text, done: false })
    } else if (this.#isEnded) {
      this.#pending = null
      if (this.#error) pending.reject(this.#error)
      else pending.resolve({ value: undefined, done: true })
    }
  }

  #takeText(): string {
    const chunks = this.#chunks
    const [first] = chunks
    // The last call, without input, gives out what an incomplete character left behind.
    if (!first) return this.#isEnded && !this.#error ? this.#decoder.decode() : ''
    this.#chunks = []
    this.#queuedBytes = 0
    if (this.#isPaused) {
      this.#isPaused = false
      this.#flow.resume()
    }
    return this.#decoder.decode(chunks.length === 1 ? first : Buffer.concat(chunks), { stream: true })
  }
}
