import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { parseFrameId } from '@llmchat/protocol/frame-id'
import { toPlainText } from '@llmchat/protocol/message-part'
import {
  dropSnapshot,
  noProgress,
  pickShown,
  takeFrame,
} from '../../../frontend/src/features/chat/stream/answer-progress.ts'
import {
  followAnswer,
  resumeHeaders,
  type AnswerListener,
  type AnswerStreamDeps,
} from '../../../frontend/src/features/chat/stream/answer-stream.ts'
import { toBackOffMs } from '../../../frontend/src/features/chat/stream/back-off.ts'
import { browserClock } from '../../../frontend/src/features/chat/stream/clock.ts'
import { toApiError } from '../../../frontend/src/shared/api/api-error.ts'
import { readApiError, toNetworkError } from '../../../frontend/src/shared/api/read-api-error.ts'
import type { RequestOptions } from '../../../frontend/src/shared/api/request-json.ts'
import { createWatchRecord, toPrompt, type WatchPlan, type WatchRecord } from './watch-record.ts'

/**
 * One person in a browser: sends a message until it is accepted, as the outbox does, and follows its answer with the
 * page's own code until it ends or `signal` aborts. Fills the record as it goes; never fails.
 */
export async function watchChat(url: string, record: WatchRecord, signal: AbortSignal): Promise<void> {
  const { plan } = record
  const deps = createDeps(url, plan.apiKey, record)
  const response = await send(deps, record, signal)
  if (!response) return
  const target = { sessionId: record.sessionId, generationId: null, lastFrameId: null, response }
  const end = await followAnswer(deps, target, createListener(record), signal)
  if (end === 'gone') record.problems.push('the server said that there is no such answer')
}

export function createChatRecord(plan: WatchPlan): WatchRecord {
  return createWatchRecord(plan, { sessionId: randomUUID(), key: randomUUID() })
}

function createDeps(url: string, apiKey: string, record: WatchRecord): AnswerStreamDeps {
  return {
    clock: browserClock,
    random: Math.random,
    onWake: () => () => undefined,
    request(path, options) {
      if (options.method !== 'POST') record.resumes += 1
      return request(url + path, apiKey, options)
    },
  }
}

async function request(url: string, apiKey: string, options: RequestOptions): Promise<Response> {
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  }).catch((error: unknown) => {
    throw toNetworkError(error)
  })
  if (response.ok) return response
  throw await readApiError(response)
}

/** The outbox: the same id until there is an answer, unless the answer is "never". */
async function send(deps: AnswerStreamDeps, record: WatchRecord, signal: AbortSignal): Promise<Response | null> {
  const { plan } = record
  const messages = [{ id: record.key, role: 'user', parts: [{ type: 'text', text: toPrompt(plan) }] }]
  const body = { id: record.sessionId, agentId: plan.agent.id, messages }
  for (let failures = 0; !signal.aborted; failures += 1) {
    record.sends += 1
    try {
      const response = await deps.request('/api/chat', { method: 'POST', body, headers: resumeHeaders, signal })
      record.acceptedAtMs = performance.now()
      return response
    } catch (error) {
      const { status, code, retryAfterMs } = toApiError(error)
      if (status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status)) {
        record.problems.push(`refused: ${status} ${code}`)
        return null
      }
      if (status > 0) record.refusals.push({ status, retryAfterMs })
      await delay(Math.max(retryAfterMs ?? 0, toBackOffMs(failures, Math.random())))
    }
  }
  return null
}

function createListener(record: WatchRecord): AnswerListener {
  let progress = noProgress
  let message: FoldedMessage | null = null
  let lastSeq = 0
  return {
    onLost() {
      progress = dropSnapshot(progress)
    },
    onFrame(frameId, event) {
      const nowMs = performance.now()
      const hadText = record.shown
      progress = takeFrame(progress, frameId, event)
      message = pickShown(message, progress)
      record.shown = toPlainText(message.parts)
      record.hasSeenContent ||= message.parts.length > 0
      record.eventTimesMs.push(nowMs)
      if (record.shown.length > hadText.length) record.contentTimesMs.push(nowMs)
      if (event.type === 'start') record.generationId ??= event.messageMetadata.generationId
      if (isTerminalEvent(event)) record.hasTerminal = true
      record.state = message.delivery.state
      lastSeq = checkOrder(record, { frameId, event, lastSeq })
      if (!record.shown.startsWith(hadText)) note(record, 'text that was shown was taken back or changed')
    },
  }
}

/** Frames come in their order, each once. A snapshot (a start after the first) may jump ahead, never back. */
function checkOrder(record: WatchRecord, step: { frameId: string | null; event: ChatEvent; lastSeq: number }): number {
  const frame = step.frameId === null ? null : parseFrameId(step.frameId)
  if (!frame) return step.lastSeq
  record.generationId ??= frame.generationId
  if (frame.generationId !== record.generationId) note(record, 'frames of another generation')
  // At 0 nothing was said yet: such a snapshot is empty and may come again.
  if (frame.seq > 0 && frame.seq <= step.lastSeq) note(record, `frame ${frame.seq} came after frame ${step.lastSeq}`)
  return frame.seq
}

function note(record: WatchRecord, problem: string): void {
  if (record.problems.length < 5) record.problems.push(problem)
}
