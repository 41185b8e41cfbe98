import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { ReadRhythm } from './read-rhythm.ts'

/** Reads after a request that go through at once: response head, role, first content. */
const immediateReads = 4
/** A read this big is no trickle of tokens; more is probably waiting, and resting would only slow it down. */
const bulkBytes = 4096
/** About three tokens: with that in one beat a stream is ahead of its reader, and may be asked less often. */
const quickBytes = 700
const bufferBytes = 16_384
/**
 * One for all sockets: libuv asks for it, reads and calls back in one go, and what came is copied out at once. Only on
 * Windows is a read under way while others happen.
 */
const sharedBuffer = process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(bufferBytes)

/** The `onread` option of `net.connect` and `tls.connect`. */
export interface OnRead {
  buffer: Uint8Array
  /** False: reads no more until `resume()`. */
  callback(count: number): boolean
}

/**
 * A socket that rests between the beats of a rhythm while tokens trickle in. It reads through `onread`, because only
 * there can a reader stop the kernel's reading at once. Its end and its errors are seen within one rest.
 */
export class RestingSocket extends Duplex {
  readonly #wire: Socket
  readonly #rhythm: ReadRhythm
  #slot: number
  readonly #buffer = sharedBuffer ?? Buffer.allocUnsafeSlow(bufferBytes)
  #freshReads = 0
  #isFull = false

  constructor(deps: { rhythm: ReadRhythm; connect: (onread: OnRead) => Socket }) {
    super({ readableHighWaterMark: 65_536 })
    this.#rhythm = deps.rhythm
    this.#slot = deps.rhythm.assignSlot()
    this.#wire = deps.connect({
      buffer: this.#buffer,
      callback: (count) => this.#receive(count),
    })
    this.#wire.on('end', () => this.push(null))
    this.#wire.on('error', (error) => this.destroy(error))
    this.#wire.on('close', () => this.destroy())
  }

  /** Stops by its return value: `pause()` would have each `resume()` start Node's whole flow of a stream anew. */
  #receive(count: number): boolean {
    const bytes = Buffer.allocUnsafe(count)
    this.#buffer.copy(bytes, 0, 0, count)
    if (!this.push(bytes)) {
      this.#isFull = true
      return false
    }
    if (this.#freshReads > 0) {
      this.#freshReads -= 1
      return true
    }
    if (count >= bulkBytes) return true
    this.#slot = this.#rhythm.rest(this.#slot, count < quickBytes ? 'short' : 'long', this.#readOn)
    return false
  }

  readonly #readOn = (): void => {
    if (!this.#isFull && !this.destroyed) this.#wire.resume()
  }

  override _read(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#wire.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#freshReads = immediateReads
    this.#wire.write(chunk, encoding, done)
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.#freshReads = immediateReads
    this.#wire.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#wire.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#wire.destroy()
    done(error)
  }

  ref(): this {
    this.#wire.ref()
    return this
  }

  unref(): this {
    this.#wire.unref()
    return this
  }
}
