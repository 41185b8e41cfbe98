import { errorCatalogue } from '@llmchat/protocol/error-code'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { OutboundClient, OutboundRequest, OutboundStream } from '../outbound/outbound-client.ts'
import { type AnswerClocks, type AnswerLimits, startAnswerClocks } from './answer-clocks.ts'
import { hasFiles, placeFiles, type PlaceFilesDeps, type Placement } from './files/place-files.ts'
import { raceAbort } from './files/race-abort.ts'
import { getAdapter } from './find-adapter.ts'
import type { ProviderAdapter, ProviderCall } from './provider-adapter.ts'
import { toFailure } from './provider-failure.ts'
import { isContentPart, type ProviderFailure, type ProviderPart } from './provider-part.ts'
import { readAnswerBody } from './read-answer-body.ts'

export interface StreamAnswerDeps {
  client: OutboundClient
  clock: Clock
  /** Errors: `upload_not_found`, `file_store_unavailable`. */
  readFile: PlaceFilesDeps['readFile']
  maxTextChars: number
}

interface StreamAnswerOptions {
  signal: AbortSignal
  clocks: AnswerLimits
  /** The response head is here. */
  onConnected?: () => void
  /** Instead of `toRequest(call)`: the request of `toReattachRequest`. */
  request?: OutboundRequest
}

/** A file's way to the upstream. */
const uploadMs = 120_000
const maxUploadReplyBytes = 65_536

/** How long a finished response may take to end by itself, so that its connection can be used again. */
const lingerMs = 100

type Finish = Extract<ProviderPart, { type: 'finish' }>

/**
 * One attempt: sends the call and yields its parts in batches, one per round of reading. The last part is `finish`, held
 * back until the late figures are in, or `failure`; nothing is thrown. When `signal` fires it ends without either. The
 * connection is free or closed at the end, also when the caller stops early.
 */
export async function* streamAnswer(
  deps: StreamAnswerDeps,
  call: ProviderCall,
  options: StreamAnswerOptions,
): AsyncGenerator<ProviderPart[], void, undefined> {
  const placement = await placeOrFail(deps, call, options)
  if (placement === null) return
  if (placement.kind === 'failed') {
    yield [toScrubbedPart(placement.failure, call)]
    return
  }
  yield* streamPlaced(deps, placement.call, options)
}

/** Before the clocks: they measure the answer. Null: aborted. */
async function placeOrFail(
  deps: StreamAnswerDeps,
  call: ProviderCall,
  { signal, request }: StreamAnswerOptions,
): Promise<Placement | null> {
  if (request !== undefined || !hasFiles(call)) return { kind: 'placed', call }
  const send: PlaceFilesDeps['send'] = (upload) =>
    deps.client.send(upload, { signal, totalMs: uploadMs, maxBytes: maxUploadReplyBytes })
  try {
    // A store of files that hangs must not hold up a stop.
    return await raceAbort(placeFiles({ ...deps, send, signal }, getAdapter(call.target.provider), call), signal)
  } catch (error) {
    if (signal.aborted) return null
    const failure = toErrorFailure(error)
    // Of the file's way: there is no answer yet that could have taken too long.
    return {
      kind: 'failed',
      failure: failure.code === 'upstream_deadline' ? toFailure('upstream_no_content') : failure,
    }
  }
}

async function* streamPlaced(
  deps: StreamAnswerDeps,
  call: ProviderCall,
  options: StreamAnswerOptions,
): AsyncGenerator<ProviderPart[], void, undefined> {
  const abandon = new AbortController()
  const onAbort = (): void => abandon.abort()
  options.signal.addEventListener('abort', onAbort, { once: true })
  if (options.signal.aborted) abandon.abort()
  const clocks = startAnswerClocks({ clock: deps.clock, limits: options.clocks, onExpired: onAbort })
  const attempt: Attempt = { adapter: getAdapter(call.target.provider), call, clocks, finish: null }
  try {
    const request = options.request ?? attempt.adapter.toRequest(call)
    const { connectMs } = options.clocks
    const stream = await deps.client.openStream(request, { signal: abandon.signal, connectMs })
    options.onConnected?.()
    yield* readParts(attempt, stream, options.request !== undefined)
  } catch (error) {
    if (options.signal.aborted) return
    yield [attempt.finish ?? toErrorPart(attempt, error)]
  } finally {
    options.signal.removeEventListener('abort', onAbort)
    clocks.stop()
    abandon.abort()
  }
}

interface Attempt {
  adapter: ProviderAdapter
  call: ProviderCall
  clocks: AnswerClocks
  /** The success marker, once it was seen: nothing after it can make the answer a failure. */
  finish: Finish | null
}

async function* readParts(
  attempt: Attempt,
  stream: OutboundStream,
  isReattached: boolean,
): AsyncGenerator<ProviderPart[], void, undefined> {
  const { adapter, call } = attempt
  const body = await readAnswerBody(stream)
  if (body.kind === 'other') {
    const failure = adapter.toFailure({ status: stream.status, headers: stream.headers, body: body.body })
    yield [toScrubbedPart(failure, call)]
    return
  }
  const decoder = adapter.createDecoder(call, { isReattached })
  let isOver = false
  while (await stream.text.arrived()) {
    const text = stream.text.take()
    // Only lingering: the answer is complete, the response not yet.
    if (isOver) continue
    const { batch, hasFailed } = takeParts(attempt, decoder.push(text))
    if (batch.length > 0) yield batch
    if (hasFailed) return
    isOver = decoder.isFinished()
    if (isOver) attempt.clocks.sawFinish(lingerMs)
  }
  const { batch, hasFailed } = takeParts(attempt, isOver ? [] : decoder.end())
  if (hasFailed) yield batch
  else yield [...batch, attempt.finish ?? { type: 'failure', failure: toFailure('upstream_truncated') }]
}

/** Sets the clocks by what came, and keeps the success marker back. */
function takeParts(attempt: Attempt, parts: readonly ProviderPart[]): { batch: ProviderPart[]; hasFailed: boolean } {
  const batch: ProviderPart[] = []
  let hasFailed = false
  let hasContent = false
  for (const part of parts) {
    if (part.type === 'finish') {
      attempt.finish = part
      attempt.clocks.sawFinish(Math.max(attempt.adapter.abilities.readOnMs, lingerMs))
      continue
    }
    hasFailed ||= part.type === 'failure'
    hasContent ||= isContentPart(part)
    batch.push(part.type === 'failure' ? toScrubbedPart(part.failure, attempt.call) : part)
  }
  if (hasContent) attempt.clocks.sawContent()
  return { batch, hasFailed }
}

function toErrorPart(attempt: Attempt, error: unknown): ProviderPart {
  const expired = attempt.clocks.expired()
  if (expired !== null && expired !== 'finish') return { type: 'failure', failure: toFailure(expired) }
  return toScrubbedPart(toErrorFailure(error), attempt.call)
}

function toErrorFailure(error: unknown): ProviderFailure {
  if (!(error instanceof AppError)) throw error
  const { code, message, retryAfterMs } = error
  const { isRetryable } = errorCatalogue[code]
  return { code, message, isRetryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** The key must not get out by an upstream that echoes it. */
function toScrubbedPart(failure: ProviderFailure, call: ProviderCall): ProviderPart {
  const key = call.target.apiKey ?? ''
  const message = key === '' ? failure.message : failure.message.replaceAll(key, '[key]')
  return { type: 'failure', failure: { ...failure, message } }
}
