import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { ApiError, toApiError } from '../../../shared/api/api-error.ts'
import type { RequestOptions } from '../../../shared/api/request-json.ts'
import { toBackOffMs } from './back-off.ts'
import { waitFor } from './clock.ts'
import type { Clock } from './clock.ts'
import { readEventStream } from './read-event-stream.ts'

/** Longer than two of the server's heartbeats: a connection so silent is dead although nobody closed it. */
export const silenceLimitMs = 35_000
/** After waking up (network back, tab looked at) a connection this silent has missed a heartbeat and is not trusted. */
const suspectSilenceMs = 20_000

export interface AnswerStreamDeps {
  /** One request; gives ok answers (204 too), throws `ApiError` for others and when none came. */
  request: (path: string, options: RequestOptions) => Promise<Response>
  clock: Clock
  random: () => number
  /** Calls back when it is worth trying at once: online again, tab visible again, signed in again, button pressed. */
  onWake: (wake: () => void) => () => void
}

export interface AnswerTarget {
  sessionId: string
  /** Null: the newest running one of the chat. */
  generationId: string | null
  /** Resume after this frame; null: from its beginning. */
  lastFrameId: string | null
  /** The answer to the POST that started it, not yet read. */
  response?: Response
}

export interface AnswerListener {
  onFrame: (frameId: string | null, event: ChatEvent) => void
  /** `null`: connected. Else nothing is heard of the server until the next try. */
  onLost: (lost: { retryAtMs: number } | null) => void
}

/**
 * `terminal`: the answer's last event came. `idle`: nothing (more) to follow, ask for the stored message. `gone`: no
 * such chat or answer for us. `released`: the caller's signal ended it; the answer itself goes on.
 */
export type AnswerEnd = 'terminal' | 'idle' | 'gone' | 'released'

/**
 * A move from a draining instance is no loss: so many connections in a row may end by a `retry` hint, or be refused as
 * draining, before it counts as one. Bounded, so that a server which only ever sends hints is backed away from.
 */
const maxMoves = 5
/** Before trying again where the draining instance itself answered: others take over within a moment. */
const movedDelayMs = 250

/** Announces that we come back by ourselves, so a draining instance may move us. */
export const resumeHeaders = { accept: 'text/event-stream', 'x-llmchat-resume': '1' }

/** Follows one answer to its end over as many connections as that takes. Never fails. */
export async function followAnswer(
  deps: AnswerStreamDeps,
  target: AnswerTarget,
  listener: AnswerListener,
  signal: AbortSignal,
): Promise<AnswerEnd> {
  const cursor: Cursor = { ...target, retryMs: null }
  const isReleased = () => signal.aborted
  let failures = 0
  let moves = 0
  for (;;) {
    const result = await followConnection(deps, cursor, listener, signal)
    if (isReleased()) return 'released'
    if (result.end) return result.end
    const next = toNextTry({ failures, moves }, cursor, result, deps.random())
    failures = next.failures
    moves = next.moves
    const { delayMs } = next
    // Only the connection that carried the hint is moved by it.
    cursor.retryMs = null
    // The first try after a loss is nearly always the last; only what fails again is worth a word.
    if (failures > 0) listener.onLost({ retryAtMs: deps.clock.now() + delayMs })
    await waitFor(deps.clock, delayMs, { listen: deps.onWake, signal })
    if (isReleased()) return 'released'
  }
}

interface NextTry {
  /** Connections in a row that brought nothing and were not moved. */
  failures: number
  /** Hints in a row that led to no frame. */
  moves: number
  delayMs: number
}

function toNextTry(
  { failures, moves }: Omit<NextTry, 'delayMs'>,
  { retryMs }: Cursor,
  { hasProgressed, retryAfterMs, isDraining }: ConnectionResult,
  random: number,
): NextTry {
  const isHinted = retryMs !== null || (moves > 0 && isDraining)
  if (isHinted && (hasProgressed || moves < maxMoves))
    return { failures: 0, moves: hasProgressed ? 1 : moves + 1, delayMs: retryMs ?? movedDelayMs }
  const count = hasProgressed ? 0 : failures + 1
  return { failures: count, moves: 0, delayMs: Math.max(retryAfterMs ?? 0, toBackOffMs(count, random)) }
}

interface Cursor extends AnswerTarget {
  /** The server's own wish for the next reconnect. */
  retryMs: number | null
}

interface ConnectionResult {
  end: AnswerEnd | null
  hasProgressed: boolean
  retryAfterMs: number | null
  /** Refused because the instance is shutting down. */
  isDraining: boolean
}

async function followConnection(
  deps: AnswerStreamDeps,
  cursor: Cursor,
  listener: AnswerListener,
  signal: AbortSignal,
): Promise<ConnectionResult> {
  const watchdog = openWatchdog(deps, signal)
  const result: ConnectionResult = { end: null, hasProgressed: false, retryAfterMs: null, isDraining: false }
  try {
    const response = cursor.response ?? (await requestStream(deps, cursor, watchdog.signal))
    delete cursor.response
    listener.onLost(null)
    if (response.status === 204 || !response.body) return { ...result, end: 'idle' }
    for await (const item of readEventStream(response.body, { signal: watchdog.signal, onBytes: watchdog.touch })) {
      if (item.type === 'retry') cursor.retryMs = item.retryMs
      if (item.type === 'done') return { ...result, end: 'idle' }
      if (item.type !== 'event') continue
      result.hasProgressed = true
      cursor.lastFrameId = item.frameId ?? cursor.lastFrameId
      if (item.event.type === 'start') cursor.generationId = item.event.messageMetadata.generationId
      listener.onFrame(item.frameId, item.event)
      if (isTerminalEvent(item.event)) return { ...result, end: 'terminal' }
    }
    return result
  } catch (error) {
    return { ...result, ...toFailure(error) }
  } finally {
    watchdog.close()
  }
}

function requestStream(deps: AnswerStreamDeps, cursor: Cursor, signal: AbortSignal): Promise<Response> {
  const query = cursor.generationId === null ? '' : `?generation=${encodeURIComponent(cursor.generationId)}`
  const path = `/api/chat/${encodeURIComponent(cursor.sessionId)}/stream${query}`
  const headers = cursor.lastFrameId === null ? {} : { 'last-event-id': cursor.lastFrameId }
  return deps.request(path, { headers: { ...resumeHeaders, ...headers }, signal })
}

/** An answer that says "never" ends the following; a lost login or a busy server does not. */
function toFailure(error: unknown): Partial<ConnectionResult> {
  if (error instanceof Error && error.name === 'AbortError') return {}
  const { status, retryAfterMs, code } = error instanceof ApiError ? error : toApiError(error)
  const isFinal = status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status)
  return { end: isFinal ? 'gone' : null, retryAfterMs, isDraining: code === 'draining' }
}

interface Watchdog {
  /** Aborts when the caller's signal does, or when nothing was heard for too long. */
  signal: AbortSignal
  touch: () => void
  close: () => void
}

function openWatchdog({ clock, onWake }: AnswerStreamDeps, outer: AbortSignal): Watchdog {
  const controller = new AbortController()
  const abort = () => controller.abort()
  let heardAtMs = clock.now()
  let cancelTimer = clock.schedule(abort, silenceLimitMs)
  const stopListening = onWake(() => {
    if (clock.now() - heardAtMs >= suspectSilenceMs) abort()
  })
  outer.addEventListener('abort', abort)
  if (outer.aborted) abort()
  return {
    signal: controller.signal,
    touch() {
      heardAtMs = clock.now()
      cancelTimer()
      cancelTimer = clock.schedule(abort, silenceLimitMs)
    },
    close() {
      cancelTimer()
      stopListening()
      outer.removeEventListener('abort', abort)
    },
  }
}
