import type { RedisLink } from '../redis/redis-link.ts'
import { parseStoredEntry, toEntryKind, toEntryText } from './log-entry.ts'
import {
  appendScript,
  expireScript,
  openScript,
  readScript,
  renewScript,
  restartScript,
  sealScript,
  statesScript,
  trimScript,
  unfencedAppendScript,
  unsealedScript,
} from './redis-log-scripts.ts'
import { createScriptRunner } from './run-redis-script.ts'
import { maxLogBytes, type AppendRequest, type LogFrame, type LogPlace, type LogState } from './stream-log.ts'

/**
 * `missing`: no such log. `superseded`: a higher fence. `differs`: another last seq, a lower fence, or closed.
 * `unknown`: Redis did not answer; it may have been written, or may yet be.
 */
export type AppendResult = 'appended' | 'missing' | 'superseded' | 'differs' | 'unknown'

export interface LogRead {
  frames: LogFrame[]
  isClosed: boolean
}

/** Logs as they lie in Redis, each call one command. All but `append` reject when Redis does not answer. */
export interface RedisLogStore {
  open(generationId: string, fence: number, baseSeq: number): Promise<boolean>
  /** One result per request, in their order; never rejects. */
  append(requests: readonly AppendRequest[]): Promise<AppendResult[]>
  restart(generationId: string, fence: number, expectedLastSeq: number, baseSeq: number): Promise<AppendResult>
  seal(generationId: string, fence: number): Promise<number | null>
  findStates(generationIds: readonly string[]): Promise<(LogState | null)[]>
  /** All frames after that seq, in pages, so that a long log does not hold up everybody else. */
  read(generationId: string, afterSeq: number): Promise<LogRead | null>
  renew(generationIds: readonly string[]): Promise<void>
  trim(places: readonly LogPlace[]): Promise<void>
  expireAfter(generationId: string, ttlMs: number): Promise<void>
}

// One script call is one pause for everybody else in Redis: some milliseconds at most.
const maxGenerationsPerCall = 1000
const maxBytesPerCall = 1024 * 1024
const maxEntriesPerPage = 1000

const results: readonly AppendResult[] = ['missing', 'appended', 'superseded', 'differs']

export interface RedisLogStoreOptions {
  /** An open log that nobody renews is gone after this time. */
  activeTtlMs: number
  /** For drills alone: which guard is off, to see what it is good for. */
  isDisabled?: (guard: 'fence' | 'seal') => boolean
}

export function createRedisLogStore(link: RedisLink, options: RedisLogStoreOptions): RedisLogStore {
  const run = createScriptRunner(link)
  const append = options.isDisabled?.('fence') ? unfencedAppendScript : appendScript
  const seal = options.isDisabled?.('seal') ? unsealedScript : sealScript

  async function appendChunk(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    const args: (string | number)[] = []
    for (const { fence, expectedLastSeq, frames } of requests) {
      args.push(fence, expectedLastSeq, expectedLastSeq + frames.length, toEntryKind(frames), toEntryText(frames))
    }
    const ids = requests.map((request) => request.generationId)
    const reply = await run(append, ids, args).catch(() => null)
    const codes = reply as number[] | null
    return requests.map((_request, index) => results[codes?.[index] ?? -1] ?? 'unknown')
  }

  async function readPage(generationId: string, afterSeq: number): Promise<(LogRead & { lastSeq: number }) | null> {
    const reply = (await run(readScript, [generationId], [afterSeq, maxEntriesPerPage])) as (string | number)[] | null
    if (!reply) return null
    const frames: LogFrame[] = []
    let expectedSeq = afterSeq + 1
    for (let at = 2; at < reply.length; at += 3) {
      const entry = parseStoredEntry(String(reply[at]), String(reply[at + 1]), String(reply[at + 2]))
      for (const frame of entry.frames) {
        if (frame.seq < expectedSeq) continue
        // The stream lost its beginning (evicted, or expired an instant before its hash).
        if (frame.seq > expectedSeq) return null
        frames.push(frame)
        expectedSeq += 1
      }
    }
    const lastSeq = Number(reply[0])
    return frames.length === 0 && lastSeq > afterSeq ? null : { frames, lastSeq, isClosed: reply[1] === 1 }
  }

  return {
    async open(generationId, fence, baseSeq) {
      return (await run(openScript, [generationId], [fence, baseSeq, options.activeTtlMs])) === 1
    },
    async append(requests) {
      const chunks = await Promise.all(toChunks(requests).map(appendChunk))
      return chunks.flat()
    },
    async restart(generationId, fence, expectedLastSeq, baseSeq) {
      const code = (await run(restartScript, [generationId], [fence, expectedLastSeq, baseSeq])) as number
      return results[code] ?? 'unknown'
    },
    async seal(generationId, fence) {
      return (await run(seal, [generationId], [fence])) as number | null
    },
    async findStates(generationIds) {
      const states: (LogState | null)[] = []
      for (let at = 0; at < generationIds.length; at += maxGenerationsPerCall) {
        const reply = await run(statesScript, generationIds.slice(at, at + maxGenerationsPerCall), [])
        for (const held of reply as (number[] | null)[]) states.push(held ? toState(held) : null)
      }
      return states
    },
    async read(generationId, afterSeq) {
      const frames: LogFrame[] = []
      // Bounded: each page but the last brings entries, and a log has an end.
      for (;;) {
        const reachedSeq = afterSeq + frames.length
        const page = await readPage(generationId, reachedSeq)
        if (!page) return null
        for (const frame of page.frames) frames.push(frame)
        if (page.frames.length === 0 || afterSeq + frames.length >= page.lastSeq)
          return { frames, isClosed: page.isClosed }
      }
    },
    async renew(generationIds) {
      for (let at = 0; at < generationIds.length; at += maxGenerationsPerCall)
        await run(renewScript, generationIds.slice(at, at + maxGenerationsPerCall), [options.activeTtlMs])
    },
    async trim(places) {
      if (places.length === 0) return
      const ids = places.map((place) => place.generationId)
      await run(trimScript, ids, [maxLogBytes, ...places.map((place) => place.seq)])
    },
    async expireAfter(generationId, ttlMs) {
      await run(expireScript, [generationId], [ttlMs])
    },
  }
}

function toState([fence = 0, baseSeq = 0, lastSeq = 0, closed = 0]: readonly number[]): LogState {
  return { fence, firstSeq: baseSeq + 1, lastSeq, isClosed: closed === 1 }
}

function toChunks(requests: readonly AppendRequest[]): AppendRequest[][] {
  const chunks: AppendRequest[][] = []
  let chunk: AppendRequest[] = []
  let bytes = 0
  for (const request of requests) {
    if (chunk.length >= maxGenerationsPerCall || bytes >= maxBytesPerCall) {
      chunks.push(chunk)
      chunk = []
      bytes = 0
    }
    chunk.push(request)
    for (const frame of request.frames) bytes += frame.data.length
  }
  if (chunk.length > 0) chunks.push(chunk)
  return chunks
}
