import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import { toBackOffMs } from '../../../frontend/src/features/chat/stream/back-off.ts'
import { createWatchRecord, toPrompt, type WatchPlan, type WatchRecord } from './watch-record.ts'

export function createV1Record(plan: WatchPlan): WatchRecord {
  return createWatchRecord(plan, { sessionId: '', key: randomUUID() })
}

interface Chunk {
  id?: string
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]
  error?: { code?: string }
}

/**
 * A program with an OpenAI client: asks with an Idempotency-Key and, when its connection breaks, asks the same again. Every
 * time it is told the answer from the beginning, which must begin with what it was told before.
 */
export async function watchV1(url: string, record: WatchRecord, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted && !record.hasTerminal; failures += 1) {
    if (record.acceptedAtMs === null) record.sends += 1
    else record.resumes += 1
    try {
      const response = await ask(url, record, signal)
      if (response.ok && response.body) await read(response.body, record)
      else if (response.status < 500 && response.status !== 429) {
        record.problems.push(`refused: ${response.status} ${(await response.text()).slice(0, 200)}`)
        return
      }
    } catch {
      // The connection broke, or was never made.
    }
    await delay(toBackOffMs(Math.min(failures, 2), Math.random()))
  }
}

function ask(url: string, record: WatchRecord, signal: AbortSignal): Promise<Response> {
  const { plan } = record
  const headers = {
    authorization: `Bearer ${plan.apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': record.key,
  }
  const messages = [{ role: 'user', content: toPrompt(plan) }]
  const body = JSON.stringify({ model: plan.agent.id, stream: true, store: true, messages })
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, signal })
}

async function read(body: ReadableStream<Uint8Array>, record: WatchRecord): Promise<void> {
  record.acceptedAtMs ??= performance.now()
  let text = ''
  const parser = createParser({
    onEvent({ data }) {
      const nowMs = performance.now()
      record.eventTimesMs.push(nowMs)
      if (data === '[DONE]') {
        record.hasTerminal = true
        return
      }
      const chunk = JSON.parse(data) as Chunk
      record.generationId ??= chunk.id?.replace('chatcmpl-', '') ?? null
      const [choice] = chunk.choices ?? []
      text += choice?.delta?.content ?? ''
      if (choice?.finish_reason) record.state = 'complete'
      if (chunk.error) {
        record.state = 'interrupted'
        record.hasTerminal = true
      }
      if (text.length > record.shown.length) {
        if (!text.startsWith(record.shown)) record.problems.push('another beginning than the last time')
        record.shown = text
        record.hasSeenContent = true
        record.contentTimesMs.push(nowMs)
      }
    },
  })
  const decoder = new TextDecoder()
  for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }))
}
