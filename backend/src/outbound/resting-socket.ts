import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { ReadRhythm } from './read-rhythm.ts'

/** Reads after a request that go through at once: response head, role, first content. */
const immediateReads = 4
/** A read this big is no trickle of tokens; more is probably waiting, and resting would only slow it down. */
const bulkBytes = 4096
const bufferBytes = 16_384
/**
 * One for all sockets: libuv asks for it, reads and calls back in one go, and what came is copied out at once. Only on
 * Windows is a read under way while others happen.
 */
const sharedBuffer = process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(bufferBytes)

/** The `onread` option of `net.connect` and `tls.connect`. */
export interface OnRead {
  buffer: Uint8Array
  callback(count: number, buffer: Uint8Array): boolean
}

/**
 * A socket that rests between the beats of a rhythm while tokens trickle in. It reads through `onread`, because only
 * there does `pause()` stop the reading in the kernel at once. Its end and its errors are seen within one beat.
 */
export class RestingSocket extends Duplex {
  readonly #wire: Socket
  readonly #rhythm: ReadRhythm
  readonly #slot: number
  #freshReads = 0
  #isFull = false

  constructor(deps: { rhythm: ReadRhythm; connect: (onread: OnRead) => Socket }) {
    super({ readableHighWaterMark: 65_536 })
    this.#rhythm = deps.rhythm
    this.#slot = deps.rhythm.assignSlot()
    this.#wire = deps.connect({
      buffer: sharedBuffer ?? Buffer.allocUnsafeSlow(bufferBytes),
      callback: (count, buffer) => this.#receive(count, buffer),
    })
    this.#wire.on('end', () => this.push(null))
    this.#wire.on('error', (error) => this.destroy(error))
    this.#wire.on('close', () => this.destroy())
  }

  #receive(count: number, buffer: Uint8Array): boolean {
    const wantsMore = this.push(Buffer.from(buffer.subarray(0, count)))
    if (!wantsMore) {
      this.#isFull = true
      this.#wire.pause()
    } else if (this.#freshReads > 0) {
      this.#freshReads -= 1
    } else if (count < bulkBytes) {
      this.#wire.pause()
      this.#rhythm.atNextBeat(this.#slot, this.#readOn)
    }
    return true
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
