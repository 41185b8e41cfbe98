import type { Dispatcher } from 'undici'
import { AppError } from '../base/app-error.ts'
import type { OutboundStream } from './outbound-client.ts'
import type { ReadRhythm } from './read-rhythm.ts'
import { ResponseText } from './response-text.ts'

type Controller = Dispatcher.DispatchController
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]

interface ExchangeDeps {
  rhythm: ReadRhythm
  signal: AbortSignal
  connectMs: number
}

function toHeaderRecord(headers: Headers): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) record[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return record
}

/** What a reader gets whose own signal fired. */
export function toAbortError(): DOMException {
  return new DOMException('The request was aborted.', 'AbortError')
}

function toReason(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/**
 * One request and its response, as undici's handler: its callbacks run in the socket's own read, without the streams
 * that `request` and `fetch` put in between.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** The response head; see OutboundClient.openStream for its errors. */
  readonly head: Promise<OutboundStream>
  readonly #signal: AbortSignal
  readonly #text: ResponseText
  readonly #connectTimer: NodeJS.Timeout
  #settleHead: { resolve(stream: OutboundStream): void; reject(error: Error): void } | null = null
  #controller: Controller | null = null
  #isOver = false

  constructor(deps: ExchangeDeps) {
    this.#signal = deps.signal
    this.head = new Promise((resolve, reject) => {
      this.#settleHead = { resolve, reject }
    })
    this.#text = new ResponseText({
      rhythm: deps.rhythm,
      flow: { pause: () => this.#controller?.pause(), resume: () => this.#controller?.resume() },
      onReturn: () => this.#giveUp(null),
    })
    this.#connectTimer = setTimeout(() => {
      this.#giveUp(new AppError('upstream_no_content', { details: { phase: 'connect' } }))
    }, deps.connectMs)
    deps.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onAbort = (): void => this.#giveUp(toAbortError())

  /** The request is about to be written: there is a connection. */
  onRequestStart(controller: Controller): void {
    this.#controller = controller
    clearTimeout(this.#connectTimer)
    // A request that waited for a connection can't be taken out of undici's queue, only aborted here.
    if (this.#isOver) controller.abort(new Error('given up'))
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    if (status < 200) return
    const close = (): void => this.#giveUp(null)
    this.#settleHead?.resolve({ status, headers: toHeaderRecord(headers), text: this.#text, close })
    this.#settleHead = null
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#text.add(chunk)
  }

  onResponseEnd(): void {
    this.#finish()
    this.#text.end(null)
  }

  onResponseError(_controller: Controller, error: Error): void {
    if (this.#isOver) return
    this.#finish()
    if (this.#settleHead) this.#settleHead.reject(this.#toHeadError(error))
    else this.#text.end(new AppError('upstream_truncated', { cause: error, details: { phase: 'body' } }))
  }

  #toHeadError(error: Error): AppError {
    if (error instanceof AppError) return error
    const reason = toReason(error)
    if (reason === 'UND_ERR_INVALID_ARG') {
      return new AppError('upstream_rejected', { message: 'The request to the agent is not valid HTTP.', cause: error })
    }
    const phase = this.#controller ? 'headers' : 'connect'
    const message = `The agent is not reachable (${reason}).`
    return new AppError('upstream_unreachable', { message, cause: error, details: { phase, reason } })
  }

  /** Ends from our side. `error` null: the reader wants no more and is told nothing. */
  #giveUp(error: Error | null): void {
    if (this.#isOver) return
    this.#finish()
    if (error) this.#settleHead?.reject(error)
    this.#settleHead = null
    this.#text.discard(error)
    this.#controller?.abort(error ?? new Error('closed by the reader'))
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#connectTimer)
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
