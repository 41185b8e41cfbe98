import type { Clock } from '../base/clock.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { AnswerAttempt, type AttemptOptions } from './answer-attempt.ts'
import { hasFiles, placeFiles, type PlaceFilesDeps, type Placement } from './files/place-files.ts'
import { raceAbort } from './files/race-abort.ts'
import { getAdapter } from './find-adapter.ts'
import type { ProviderCall } from './provider-adapter.ts'
import { toFailure } from './provider-failure.ts'
import type { ProviderPart } from './provider-part.ts'
import { toErrorFailure, toScrubbedPart } from './scrub-failure.ts'

export interface StreamAnswerDeps {
  client: OutboundClient
  clock: Clock
  /** Errors: `upload_not_found`, `file_store_unavailable`. */
  readFile: PlaceFilesDeps['readFile']
  maxTextChars: number
}

/** A file's way to the upstream. */
const uploadMs = 120_000
const maxUploadReplyBytes = 65_536

/**
 * One attempt: sends the call and yields its parts in batches, one per round of reading. The last part is `finish`, held
 * back until the late figures are in, or `failure`; nothing is thrown. When `signal` fires it ends without either. The
 * connection is free or closed at the end, also when the caller stops early.
 */
export async function* streamAnswer(
  deps: StreamAnswerDeps,
  call: ProviderCall,
  options: AttemptOptions,
): AsyncGenerator<ProviderPart[], void, undefined> {
  const placement = await placeOrFail(deps, call, options)
  if (placement === null) return
  if (placement.kind === 'failed') {
    yield [toScrubbedPart(placement.failure, call)]
    return
  }
  const attempt = new AnswerAttempt(deps, placement.call, options)
  try {
    // A method and no generator in this one: that would cost each batch several promises more.
    for (let batch = await attempt.next(); batch !== null; batch = await attempt.next()) yield batch
  } catch (error) {
    if (options.signal.aborted) return
    yield [attempt.toEnd(error)]
  } finally {
    attempt.close()
  }
}

/** Before the clocks: they measure the answer. Null: aborted. */
async function placeOrFail(
  deps: StreamAnswerDeps,
  call: ProviderCall,
  { signal, request }: AttemptOptions,
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
