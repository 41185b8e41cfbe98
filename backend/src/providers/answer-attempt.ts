import type { Clock } from '../base/clock.ts'
import type { IncomingText, OutboundClient, OutboundRequest } from '../outbound/outbound-client.ts'
import { type AnswerClocks, type AnswerLimits, startAnswerClocks } from './answer-clocks.ts'
import { getAdapter } from './find-adapter.ts'
import type { ProviderAdapter, ProviderCall, ProviderDecoder } from './provider-adapter.ts'
import { toFailure } from './provider-failure.ts'
import { isContentPart, type ProviderPart } from './provider-part.ts'
import { readAnswerBody } from './read-answer-body.ts'
import { toErrorFailure, toScrubbedPart } from './scrub-failure.ts'

export interface AttemptOptions {
  signal: AbortSignal
  clocks: AnswerLimits
  /** The response head is here. */
  onConnected?: () => void
  /** Instead of `toRequest(call)`: the request of `toReattachRequest`. */
  request?: OutboundRequest
}

/** How long a finished response may take to end by itself, so that its connection can be used again. */
const lingerMs = 100

/** One request to an upstream and what its response says, batch by batch, under the clocks of an answer. */
export class AnswerAttempt {
  readonly #client: OutboundClient
  readonly #call: ProviderCall
  readonly #options: AttemptOptions
  readonly #adapter: ProviderAdapter
  readonly #clocks: AnswerClocks
  readonly #abandon = new AbortController()
  #events: { text: IncomingText; decoder: ProviderDecoder } | null = null
  /** The success marker, once it was seen: nothing after it can make the answer a failure. */
  #finish: ProviderPart | null = null
  #isOver = false

  constructor(deps: { client: OutboundClient; clock: Clock }, call: ProviderCall, options: AttemptOptions) {
    this.#client = deps.client
    this.#call = call
    this.#options = options
    this.#adapter = getAdapter(call.target.provider)
    this.#clocks = startAnswerClocks({ clock: deps.clock, limits: options.clocks, onExpired: this.#abort })
    options.signal.addEventListener('abort', this.#abort, { once: true })
    if (options.signal.aborted) this.#abort()
  }

  /** The next parts, at least one; null: there are no more. Throws what the way to the upstream throws. */
  async next(): Promise<ProviderPart[] | null> {
    if (this.#isOver) return null
    const refusal = this.#events ? null : await this.#open()
    if (!this.#events) {
      this.#isOver = true
      return refusal
    }
    const { text, decoder } = this.#events
    while (await text.arrived()) {
      const piece = text.take()
      // Only lingering: the answer is complete, the response not yet.
      if (decoder.isFinished()) continue
      const { batch, hasFailed } = this.#take(decoder.push(piece))
      this.#isOver = hasFailed
      if (decoder.isFinished() && !hasFailed) this.#clocks.sawFinish(lingerMs)
      if (batch.length > 0) return batch
    }
    this.#isOver = true
    const { batch, hasFailed } = this.#take(decoder.isFinished() ? [] : decoder.end())
    if (hasFailed) return batch
    return [...batch, this.#finish ?? { type: 'failure', failure: toFailure('upstream_truncated') }]
  }

  /** What an error that `next` threw makes of the answer. */
  toEnd(error: unknown): ProviderPart {
    if (this.#finish) return this.#finish
    const expired = this.#clocks.expired()
    if (expired !== null && expired !== 'finish') return { type: 'failure', failure: toFailure(expired) }
    return toScrubbedPart(toErrorFailure(error), this.#call)
  }

  /** Afterwards the connection is free or closed. */
  close(): void {
    this.#options.signal.removeEventListener('abort', this.#abort)
    this.#clocks.stop()
    this.#abort()
  }

  readonly #abort = (): void => this.#abandon.abort()

  /** Sends the request. What it gives out is all that an upstream says that answers no events. */
  async #open(): Promise<ProviderPart[] | null> {
    const { request, clocks, onConnected } = this.#options
    const asked = request ?? this.#adapter.toRequest(this.#call)
    const { connectMs } = clocks
    const stream = await this.#client.openStream(asked, { signal: this.#abandon.signal, connectMs })
    onConnected?.()
    const body = await readAnswerBody(stream)
    if (body.kind === 'other') {
      const { status, headers } = stream
      return [toScrubbedPart(this.#adapter.toFailure({ status, headers, body: body.body }), this.#call)]
    }
    const decoder = this.#adapter.createDecoder(this.#call, { isReattached: request !== undefined })
    this.#events = { text: stream.text, decoder }
    return null
  }

  /** Sets the clocks by what came, and keeps the success marker back. */
  #take(parts: readonly ProviderPart[]): { batch: ProviderPart[]; hasFailed: boolean } {
    const batch: ProviderPart[] = []
    let hasFailed = false
    let hasContent = false
    for (const part of parts) {
      if (part.type === 'finish') {
        this.#finish = part
        this.#clocks.sawFinish(Math.max(this.#adapter.abilities.readOnMs, lingerMs))
        continue
      }
      hasFailed ||= part.type === 'failure'
      hasContent ||= isContentPart(part)
      batch.push(part.type === 'failure' ? toScrubbedPart(part.failure, this.#call) : part)
    }
    if (hasContent) this.#clocks.sawContent()
    return { batch, hasFailed }
  }
}
