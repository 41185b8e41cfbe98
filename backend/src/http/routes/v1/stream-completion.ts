import type { FastifyReply } from 'fastify'
import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import { AppError } from '../../../base/app-error.ts'
import type { FollowEnd } from '../../../generation/follower.ts'
import type { StartedV1 } from '../../../generation/start-v1-generation.ts'
import { openSseWriter, type SseWriter } from '../../sse/open-sse-writer.ts'
import type { ChatCompletionsDeps } from './v1-deps.ts'
import { toEvent, toStoredEvents } from './v1-events.ts'
import { createChunkMapper, toEndError, toRoleChunk, type ChunkHead, type ChunkMapper } from './to-chunks.ts'

interface StreamedCall {
  head: ChunkHead
  includeUsage: boolean
  userId: string
  started: StartedV1
}

/** How long the status may wait for the first content, so that a failure before it has a real HTTP status. */
const holdHeadMs = 10_000

/** Streams an answer as OpenAI chunks. A failure before any content is thrown, and so answered as an HTTP error. */
export async function streamCompletion(
  deps: ChatCompletionsDeps,
  reply: FastifyReply,
  call: StreamedCall,
): Promise<void> {
  const writer = openSseWriter(reply, { ...deps, headers: {} })
  const mapper = createChunkMapper(call.head, call.includeUsage)
  const head = createHead(writer, call.head)
  if (call.started.kind === 'stored') {
    head.begin()
    writer.end(
      toSse(toStoredEvents(call.started.generationId, call.started.message).flatMap((event) => mapper.toChunks(event))),
    )
    return
  }
  const { generationId } = call.started
  const cancelHold = deps.clock.setTimer(holdHeadMs, head.begin)
  writer.onClose(cancelHold)
  await new Promise<void>((resolve, reject) => {
    const viewer = {
      onFrames: (frames: readonly { seq: number | null; data: string }[]) => {
        const events = frames.map(toEvent)
        const isFailure = !head.hasBegun() && events.some(isFailed)
        if (isFailure) reject(toEndError(toDelivery(mapper, events)))
        else show(writer, head, mapper, events)
      },
      onEnd: (why: FollowEnd) => {
        // Nothing was told yet, so it can be told as what it is: ask again.
        if (!head.hasBegun()) reject(new AppError('draining', { retryAfterMs: 1000 }))
        else if (why === 'cut') writer.cut()
        else writer.end('')
        resolve()
      },
    }
    deps
      .followGeneration({ userId: call.userId, generationId, afterSeq: 0 }, viewer)
      .then((stop) => writer.onClose(stop), reject)
    writer.onClose(resolve)
  })
  cancelHold()
}

interface Head {
  begin: () => void
  hasBegun: () => boolean
}

function createHead(writer: SseWriter, chunkHead: ChunkHead): Head {
  let hasBegun = false
  return {
    hasBegun: () => hasBegun,
    begin: () => {
      if (hasBegun) return
      hasBegun = true
      writer.write(toSse([toRoleChunk(chunkHead)]))
    },
  }
}

function show(writer: SseWriter, head: Head, mapper: ChunkMapper, events: readonly ChatEvent[]): void {
  const chunks = events.flatMap((event) => mapper.toChunks(event))
  if (chunks.length === 0 && !events.some(isTerminalEvent)) return
  head.begin()
  writer.write(toSse(chunks))
}

function isFailed(event: ChatEvent): boolean {
  return event.type === 'error'
}

function toDelivery(mapper: ChunkMapper, events: readonly ChatEvent[]): ReturnType<ChunkMapper['delivery']> {
  for (const event of events) mapper.toChunks(event)
  return mapper.delivery()
}

function toSse(chunks: readonly string[]): string {
  return chunks.map((chunk) => `data: ${chunk}\n\n`).join('')
}
