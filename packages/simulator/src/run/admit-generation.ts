import type { ProviderName, RequestTicket } from '../counters.ts'
import { type Exchange, findHeader, type Reply, sendReply } from '../http/exchange.ts'
import type { ActiveFaults } from '../plan/fault-gate.ts'
import type { PlannedFault } from '../plan/planned-fault.ts'
import { selectPlan } from '../plan/select-plan.ts'
import type { SimulatorPlan } from '../plan.ts'
import { toStableHash } from '../text/stable-hash.ts'
import { type PlannedText, toPlannedText } from './planned-text.ts'
import type { SimulatorContext } from './simulator-context.ts'

/** A refusal, before it has a provider's shape. */
export interface WireError {
  status: number
  /** What went wrong, where the status does not say it. */
  reason: 'by-status' | 'bad-request' | 'context-too-long' | 'prefill-refused'
  message: string
  /** The provider's own code, when the plan names one. */
  code: string | null
}

export interface GenerationRequest {
  provider: ProviderName
  exchange: Exchange
  prompt: string
  /** Null where the provider has no model. */
  model: string | null
  /** Null where plans do not ride on API keys. */
  apiKey: string | null
  /** The beginning of the answer that the caller already has; null = the caller asks for no continuation. */
  prefill: string | null
  maxTokens: number | null
  /** A paused run goes on with the plan it began with. */
  resumed?: { plan: SimulatorPlan; seed: number }
  toErrorReply: (error: WireError) => Reply
}

/** A request whose answer may begin. */
export interface AdmittedGeneration {
  plan: SimulatorPlan
  seed: number
  /** Never the same for two requests; for the ids of stored things. */
  idKey: string
  faults: ActiveFaults
  ticket: RequestTicket
  text: PlannedText
  promptTokens: number
}

const HTML_502 =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'

function toRetryHeaders(fault: PlannedFault): Record<string, string> {
  const headers: Record<string, string> = {}
  const { parameters } = fault
  if (parameters['retry-after'] !== undefined) headers['retry-after'] = parameters['retry-after']
  if (parameters['retry-after-ms'] !== undefined) headers['retry-after-ms'] = parameters['retry-after-ms']
  if (parameters['retry-after-date'] !== undefined) {
    headers['retry-after'] = new Date(Date.now() + Number(parameters['retry-after-date']) * 1000).toUTCString()
  }
  return headers
}

function findEarlyReply(faults: ActiveFaults, request: GenerationRequest): Reply | null {
  const { toErrorReply } = request
  const status = faults.find('status')
  if (status !== null) {
    const message = status.parameters['message'] ?? `simulated status ${String(status.value)}`
    const code = status.parameters['code'] ?? null
    const reply = toErrorReply({
      status: status.value,
      reason: 'by-status',
      message,
      code,
    })
    return {
      ...reply,
      status: status.value,
      headers: { ...reply.headers, ...toRetryHeaders(status) },
    }
  }
  if (faults.has('html-502'))
    return {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: HTML_502,
    }
  if (faults.has('json-error-200')) {
    const message = faults.find('json-error-200')?.parameters['message'] ?? 'simulated error with status 200'
    return {
      ...toErrorReply({
        status: 500,
        reason: 'by-status',
        message,
        code: null,
      }),
      status: 200,
    }
  }
  if (faults.has('context-too-long')) {
    return toErrorReply({
      status: 400,
      reason: 'context-too-long',
      message: '',
      code: null,
    })
  }
  if (faults.has('refuse-prefill') && request.prefill !== null) {
    return toErrorReply({
      status: 400,
      reason: 'prefill-refused',
      message: '',
      code: null,
    })
  }
  return null
}

function strikesEarly(faults: ActiveFaults, request: GenerationRequest, ticket: RequestTicket): boolean {
  const { response } = request.exchange
  if (faults.has('reset-before-headers')) {
    ticket.end('faulted')
    response.socket?.resetAndDestroy()
    return true
  }
  if (faults.has('no-response')) {
    response.once('close', () => {
      ticket.end('aborted')
    })
    return true
  }
  const reply = findEarlyReply(faults, request)
  if (reply === null) return false
  ticket.end('faulted')
  sendReply(response, reply)
  return true
}

/** Continues after `slow-headers=ms`, unless the client leaves in that time. */
function delayHeaders(
  context: SimulatorContext,
  request: GenerationRequest,
  ticket: RequestTicket,
  delayMs: number,
  next: () => void,
): void {
  const { response } = request.exchange
  if (delayMs === 0) {
    next()
    return
  }
  let isGone = false
  const noteGone = (): void => {
    isGone = true
    ticket.end('aborted')
  }
  response.once('close', noteGone)
  const wake = (): void => {
    response.off('close', noteGone)
    if (!isGone) next()
  }
  context.ticker.schedule({ wake }, context.ticker.nowMs() + delayMs)
}

/**
 * Opens the account of a request, chooses its plan, and lets the faults strike that come before the answer. What is
 * left goes to `onAdmitted`; everything else has been answered.
 */
export function admitGeneration(
  context: SimulatorContext,
  request: GenerationRequest,
  onAdmitted: (admitted: AdmittedGeneration) => void,
): void {
  const ticket = context.counters.open(request.provider)
  const { prompt, model, apiKey } = request
  const header = findHeader(request.exchange, 'x-sim-plan')
  const selected = selectPlan({
    prompt,
    model,
    apiKey,
    header,
    defaultPlan: context.defaultPlan,
  })
  if (selected.problems.length > 0) {
    ticket.end('faulted')
    const message = `simulator plan: ${selected.problems.join('; ')}`
    sendReply(
      request.exchange.response,
      request.toErrorReply({
        status: 400,
        reason: 'bad-request',
        message,
        code: null,
      }),
    )
    return
  }
  const plan = request.resumed?.plan ?? selected.plan
  const seed = request.resumed?.seed ?? plan.seed ?? toStableHash(prompt)
  const faults = context.gate.admit(plan.faults, seed)
  delayHeaders(context, request, ticket, faults.find('slow-headers')?.value ?? 0, () => {
    if (strikesEarly(faults, request, ticket)) return
    const { maxTokens } = request
    const prefill = request.prefill ?? ''
    const text = toPlannedText(context.tokens, {
      plan,
      seed,
      prompt,
      prefill,
      maxTokens,
      faults,
    })
    const promptTokens = Math.max(1, Math.ceil((prompt.length + prefill.length) / 4))
    onAdmitted({
      plan,
      seed,
      idKey: context.ids.next(seed),
      faults,
      ticket,
      text,
      promptTokens,
    })
  })
}
