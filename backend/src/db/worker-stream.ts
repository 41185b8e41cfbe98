import { Duplex } from 'node:stream'
import type { Worker } from 'node:worker_threads'

/** AuthenticationOk and ReadyForQuery: there is nobody to authenticate between two threads. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])

/** `X`, what a client sends before it hangs up. */
const TERMINATE = 0x58

/**
 * The socket that the pg driver believes to hold: what it writes in one go becomes one message to the database thread,
 * whose answer becomes readable. So a statement (parse, bind, describe, execute, sync) costs one way there and back.
 */
export class WorkerStream extends Duplex {
  readonly #worker: Worker
  #isGreeted = false

  constructor(worker: Worker) {
    super()
    this.#worker = worker
    worker.on('message', this.#receive)
    worker.on('exit', this.#hangUp)
  }

  connect(): this {
    setImmediate(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#send(chunk)
    callback()
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    this.#send(Buffer.concat(chunks.map((each) => each.chunk)))
    callback()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#worker.off('message', this.#receive)
    this.#worker.off('exit', this.#hangUp)
    callback(error)
  }

  readonly #receive = (message: unknown): void => {
    if (message instanceof Uint8Array) this.push(Buffer.from(message.buffer, message.byteOffset, message.byteLength))
  }

  readonly #hangUp = (): void => {
    this.destroy()
  }

  #send(bytes: Buffer): void {
    if (!this.#isGreeted) {
      this.#isGreeted = true
      this.push(WELCOME)
      return
    }
    if (bytes[0] === TERMINATE) {
      this.destroy()
      return
    }
    // Copied out of the driver's reused write buffer, then handed over without another copy.
    const message = new Uint8Array(bytes)
    this.#worker.postMessage(message, [message.buffer])
  }
}
