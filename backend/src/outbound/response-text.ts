import { StringDecoder } from 'node:string_decoder'
import type { IncomingText } from './outbound-client.ts'
import type { ReadRhythm } from './read-rhythm.ts'

/** More than this unread makes the sender wait. */
const maxQueuedBytes = 1_048_576

interface Waiting {
  resolve(hasText: boolean): void
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
 *
 * What waits for a round (a promise, an empty list) has become old by the time it is resolved or filled, and V8 keeps all
 * that dead old objects point to until its next full collection. So nothing that waits is given text: a reader waits for
 * the news, and takes.
 */
export class ResponseText implements IncomingText {
  readonly #rhythm: ReadRhythm
  readonly #flow: FlowControl
  readonly #onReturn: () => void
  /** Not a TextDecoder: streaming it is several times slower, and what is ASCII takes two bytes a letter from then on. */
  readonly #decoder = new StringDecoder('utf8')
  #isAtStart = true
  #chunks: Buffer[] | null = null
  #text = ''
  #queuedBytes = 0
  #isPaused = false
  #isEnded = false
  #isScheduled = false
  #error: Error | null = null
  #waiting: Waiting | null = null

  constructor(deps: { rhythm: ReadRhythm; flow: FlowControl; onReturn: () => void }) {
    this.#rhythm = deps.rhythm
    this.#flow = deps.flow
    this.#onReturn = deps.onReturn
  }

  /** More bytes; after the end they are dropped. */
  add(chunk: Buffer): void {
    if (this.#isEnded) return
    this.#chunks ??= []
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
    this.#chunks = null
    this.#text = ''
    this.end(error)
    this.#deliver()
  }

  arrived(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#deliver()
    })
  }

  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  putBack(text: string): void {
    this.#text = text + this.#text
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    try {
      while (await this.arrived()) yield this.take()
    } finally {
      this.#onReturn()
    }
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#waiting) return
    this.#isScheduled = true
    this.#rhythm.afterReads(this.#onReads)
  }

  readonly #onReads = (): void => {
    this.#isScheduled = false
    this.#deliver()
  }

  #deliver(): void {
    const waiting = this.#waiting
    if (!waiting) return
    this.#text += this.#decode()
    if (this.#text === '' && !this.#isEnded) return
    this.#waiting = null
    if (this.#text !== '') waiting.resolve(true)
    else if (this.#error) waiting.reject(this.#error)
    else waiting.resolve(false)
  }

  #decode(): string {
    const chunks = this.#chunks
    const [first] = chunks ?? []
    // At the end, what an incomplete character left behind.
    if (!chunks || !first) return this.#isEnded && !this.#error ? this.#decoder.end() : ''
    this.#chunks = null
    this.#queuedBytes = 0
    if (this.#isPaused) {
      this.#isPaused = false
      this.#flow.resume()
    }
    return this.#withoutMark(this.#decoder.write(chunks.length === 1 ? first : Buffer.concat(chunks)))
  }

  #withoutMark(text: string): string {
    if (!this.#isAtStart || text === '') return text
    this.#isAtStart = false
    return text.startsWith('\uFEFF') ? text.slice(1) : text
  }
}
