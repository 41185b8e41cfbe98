import { type Exchange, type Reply, sendReply } from '../http/exchange.ts'
import type { AdmittedGeneration, WireError } from './admit-generation.ts'
import type { StreamSource } from './beat.ts'
import type { SimulatorContext } from './simulator-context.ts'
import { openStreamOutput, type StreamHead, type StreamOutput } from './stream-output.ts'
import { type RunOutcome, StreamRun } from './stream-run.ts'

export interface RunRequest {
  exchange: Exchange
  admitted: AdmittedGeneration
  source: StreamSource
  /** ms between keep-alives when the plan names none; 0 = the provider sends none. */
  heartbeatMs: number
  survivesClient: boolean
  keepsFrames: boolean
  onEnd?: (run: StreamRun, outcome: RunOutcome) => void
}

function createRun(context: SimulatorContext, request: RunRequest, onEnd: (outcome: RunOutcome) => void): StreamRun {
  const { admitted } = request
  const { plan, faults, ticket } = admitted
  const run: StreamRun = new StreamRun({
    ticker: context.ticker,
    source: request.source,
    faults,
    ttftMs: plan.ttftMs,
    gapMs: plan.gapMs,
    heartbeatMs: plan.heartbeatMs ?? request.heartbeatMs,
    survivesClient: request.survivesClient,
    keepsFrames: request.keepsFrames,
    onClientGone: () => {
      ticket.noteClientGone()
    },
    onEnd: (outcome) => {
      ticket.end(outcome === 'failed' || outcome === 'broken' ? 'faulted' : outcome)
      request.onEnd?.(run, outcome)
      onEnd(outcome)
    },
  })
  return run
}

/** Makes a run that streams to the request's response; the caller starts it once it is known where it has to be. */
export function openStreamRun(context: SimulatorContext, request: RunRequest, head: StreamHead): StreamRun {
  const run = createRun(context, request, () => undefined)
  run.attach(openStreamOutput(request.exchange.response, head))
  return run
}

/** Makes a run that nobody watches, as a background response does. */
export function openDetachedRun(context: SimulatorContext, request: RunRequest): StreamRun {
  return createRun(context, request, () => undefined)
}

export interface BlockingAnswer {
  /** The whole answer, once the run has ended. */
  toReply: (run: StreamRun) => Reply
  toErrorReply: (error: WireError) => Reply
}

function toMalformedReply(reply: Reply): Reply {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    ...reply.headers,
  }
  return { ...reply, headers, body: JSON.stringify(reply.body).slice(0, -2) }
}

/** Makes a run whose answer is sent in one piece when all tokens have had their time. */
export function openBlockingRun(context: SimulatorContext, request: RunRequest, answer: BlockingAnswer): StreamRun {
  const { response } = request.exchange
  const { faults } = request.admitted
  const run: StreamRun = createRun(context, request, (outcome) => {
    if (outcome === 'broken' || outcome === 'aborted') {
      response.socket?.resetAndDestroy()
      return
    }
    if (outcome === 'failed') {
      const fault = faults.find('error')
      const message = fault?.parameters['message'] ?? 'simulated error'
      const code = fault?.parameters['code'] ?? null
      sendReply(
        response,
        answer.toErrorReply({
          status: 500,
          reason: 'by-status',
          message,
          code,
        }),
      )
      return
    }
    const reply = answer.toReply(run)
    sendReply(response, faults.has('malformed') ? toMalformedReply(reply) : reply)
  })
  const output: StreamOutput = {
    write: () => true,
    end: () => {
      if (!run.isEnded) response.socket?.resetAndDestroy()
    },
    reset: () => response.socket?.resetAndDestroy(),
    onDrain: () => undefined,
    onGone: (listener) => {
      response.once('close', () => {
        if (!response.writableFinished) listener()
      })
    },
  }
  run.attach(output)
  return run
}
