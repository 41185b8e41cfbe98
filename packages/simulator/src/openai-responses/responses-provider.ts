import { type Exchange, sendReply } from '../http/exchange.ts'
import { hasOpenaiKey } from '../openai/openai-provider.ts'
import { toOpenaiErrorReply } from '../openai/openai-error.ts'
import { admitGeneration } from '../run/admit-generation.ts'
import { createBoundedStore } from '../run/bounded-store.ts'
import type { SimulatedProvider, SimulatorContext } from '../run/simulator-context.ts'
import { openBlockingRun, openDetachedRun, openStreamRun, type RunRequest } from '../run/start-run.ts'
import { openStreamOutput } from '../run/stream-output.ts'
import type { RunOutcome, StreamRun } from '../run/stream-run.ts'
import { createResponseSource, toFinalStatus } from './response-frames.ts'
import { type ResponseMaking, type ResponseStatus, toResponseMaking, toResponseObject } from './response-object.ts'
import { parseResponseRequest, type ResponseRequest } from './response-request.ts'

const BASE = '/openai/v1/responses'
const MAX_STORED = 2000
const STREAM_HEAD = {
  headers: {
    'content-type': 'text/event-stream; charset=utf-8',
    'x-request-id': 'req_simulated',
  },
}

interface StoredResponse {
  making: ResponseMaking
  run: StreamRun
  outcome: RunOutcome | null
}

function toStatus(stored: StoredResponse): ResponseStatus {
  const { outcome, making, run } = stored
  if (outcome === null) return 'in_progress'
  if (outcome === 'failed') return 'failed'
  if (outcome === 'aborted' || outcome === 'broken') return 'cancelled'
  return toFinalStatus(making, run.progress)
}

function refuse(exchange: Exchange, status: number, message: string): void {
  sendReply(exchange.response, toOpenaiErrorReply({ status, reason: 'by-status', message, code: null }))
}

/** The Responses API, under `/openai/v1/responses`: background runs outlive their client and can be attached to again. */
export function createResponsesProvider(context: SimulatorContext): SimulatedProvider {
  const stored = createBoundedStore<StoredResponse>(MAX_STORED)

  function open(exchange: Exchange, asked: ResponseRequest, making: ResponseMaking): void {
    const entry: { outcome: RunOutcome | null } = { outcome: null }
    const request: RunRequest = {
      exchange,
      admitted: making.admitted,
      source: createResponseSource(making),
      heartbeatMs: 0,
      survivesClient: asked.isBackground,
      keepsFrames: asked.isBackground,
      onEnd: (_run, outcome) => {
        entry.outcome = outcome
      },
    }
    const keep = (run: StreamRun): StreamRun => {
      if (asked.isStored) stored.set(making.responseId, Object.assign(entry, { making, run }))
      return run
    }
    if (asked.isStream) {
      keep(openStreamRun(context, request, STREAM_HEAD)).start()
    } else if (asked.isBackground) {
      const run = keep(openDetachedRun(context, request))
      sendReply(exchange.response, {
        status: 200,
        body: toResponseObject(making, 'queued', run.progress),
      })
      run.start()
    } else {
      const toReply = (run: StreamRun) => ({
        status: 200,
        body: toResponseObject(making, toFinalStatus(making, run.progress), run.progress),
      })
      keep(
        openBlockingRun(context, request, {
          toReply,
          toErrorReply: toOpenaiErrorReply,
        }),
      ).start()
    }
  }

  function create(exchange: Exchange): void {
    const asked = parseResponseRequest(exchange.body)
    if (typeof asked === 'string' || (asked.isBackground && !asked.isStored)) {
      context.counters.open('openai-responses').end('faulted')
      refuse(exchange, 400, typeof asked === 'string' ? asked : 'background requires store to be true')
      return
    }
    const { prompt, model, prefill, maxTokens } = asked
    const request = {
      provider: 'openai-responses',
      exchange,
      prompt,
      model,
      prefill,
      maxTokens,
      apiKey: null,
    } as const
    admitGeneration(context, { ...request, toErrorReply: toOpenaiErrorReply }, (admitted) => {
      open(exchange, asked, toResponseMaking(admitted, asked))
    })
  }

  function attach(exchange: Exchange, entry: StoredResponse): void {
    if (!entry.making.asked.isBackground) {
      refuse(exchange, 400, 'this response was not created with background=true and cannot be streamed')
      return
    }
    const after = exchange.query.get('starting_after')
    const output = openStreamOutput(exchange.response, STREAM_HEAD)
    for (const frame of entry.run.frames.slice(after === null ? 0 : Number(after) + 1)) output.write(frame)
    if (entry.run.isEnded) output.end()
    else entry.run.attach(output)
  }

  function handleStored(exchange: Exchange, entry: StoredResponse, action: string | undefined): void {
    const reply = (): void => {
      sendReply(exchange.response, {
        status: 200,
        body: toResponseObject(entry.making, toStatus(entry), entry.run.progress),
      })
    }
    if (exchange.method === 'POST' && action === 'cancel') {
      if (!entry.making.asked.isBackground) {
        refuse(exchange, 400, 'only background responses can be cancelled')
        return
      }
      entry.run.stop()
      reply()
    } else if (exchange.method === 'GET' && action === undefined) {
      if (exchange.query.get('stream') === 'true') attach(exchange, entry)
      else reply()
    } else refuse(exchange, 404, `Invalid URL (${exchange.method} ${exchange.path})`)
  }

  return {
    name: 'openai-responses',
    handle(exchange) {
      const isCreation = exchange.method === 'POST' && exchange.path === BASE
      if (!isCreation) context.counters.countOther('openai-responses')
      if (!hasOpenaiKey(exchange)) {
        if (isCreation) context.counters.open('openai-responses').end('faulted')
        refuse(exchange, 401, 'Incorrect API key provided.')
        return
      }
      if (isCreation) {
        create(exchange)
        return
      }
      const [id = '', action] = exchange.path.slice(BASE.length + 1).split('/')
      const entry = stored.find(id)
      if (entry === null) refuse(exchange, 404, `Response with id '${id}' not found.`)
      else handleStored(exchange, entry, action)
    },
    reset() {
      for (const entry of stored.list()) entry.run.abort()
      stored.clear()
    },
  }
}
