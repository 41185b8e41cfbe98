import { pino } from 'pino'
import { systemClock } from '../../../backend/src/base/clock.ts'
import { createOutboundClient } from '../../../backend/src/outbound/create-outbound-client.ts'
import type { OutboundClient, OutboundRequest } from '../../../backend/src/outbound/outbound-client.ts'
import { createUrlGuard } from '../../../backend/src/outbound/url-guard.ts'
import type { AnswerLimits } from '../../../backend/src/providers/answer-clocks.ts'
import type { ProviderCall } from '../../../backend/src/providers/provider-adapter.ts'
import type { ProviderPart } from '../../../backend/src/providers/provider-part.ts'
import { streamAnswer } from '../../../backend/src/providers/stream-answer.ts'

const limits: AnswerLimits = { connectMs: 5000, firstContentMs: 5000, idleMs: 5000 }

/** A client that may reach the test's own servers on 127.0.0.1. */
export function openLoopbackClient(): OutboundClient {
  return createOutboundClient({
    urlGuard: createUrlGuard({ allowedHosts: ['127.0.0.1', 'localhost'] }),
    logger: pino({ level: 'silent' }),
  })
}

export interface RunOptions {
  signal?: AbortSignal
  clocks?: Partial<AnswerLimits>
  request?: OutboundRequest
  /** Default: there are no files. */
  readFile?: (fileId: string) => Promise<Uint8Array>
  /** Sees each batch as it comes. */
  onBatch?: (batch: readonly ProviderPart[]) => void
}

const noFiles = (): Promise<never> => Promise.reject(new Error('no files here'))

/** Runs one attempt to its end and gives all its parts. */
export async function runAnswer(
  client: OutboundClient,
  call: ProviderCall,
  options: RunOptions = {},
): Promise<ProviderPart[]> {
  const parts: ProviderPart[] = []
  const stream = streamAnswer(
    { client, clock: systemClock, readFile: options.readFile ?? noFiles, maxTextChars: 1_000 },
    call,
    {
      signal: options.signal ?? new AbortController().signal,
      clocks: { ...limits, ...options.clocks },
      ...(options.request ? { request: options.request } : {}),
    },
  )
  for await (const batch of stream) {
    parts.push(...batch)
    options.onBatch?.(batch)
  }
  return parts
}
