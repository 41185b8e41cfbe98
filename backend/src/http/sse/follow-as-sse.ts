import type { FastifyReply } from 'fastify'
import { toFrameId } from '@llmchat/protocol/frame-id'
import type { FollowRequest, FollowViewer } from '../../generation/follower.ts'
import type { ViewFrame } from '../../generation/view-frames.ts'
import { openSseWriter } from './open-sse-writer.ts'
import type { SsePinger } from './open-sse-pinger.ts'

export interface SseDeps {
  pinger: SsePinger
  maxBufferBytes: number
  followGeneration: (request: FollowRequest, viewer: FollowViewer) => Promise<() => void>
}

const uiMessageStreamHeaders = { 'x-vercel-ai-ui-message-stream': 'v1' }

/** Streams a generation in the AI SDK's UI message stream protocol. Errors before the first frame are thrown. */
export async function followAsSse(deps: SseDeps, reply: FastifyReply, request: FollowRequest): Promise<void> {
  const writer = openSseWriter(reply, { ...deps, headers: uiMessageStreamHeaders })
  const stop = await deps.followGeneration(request, {
    onFrames: (frames) => writer.write(toSse(request.generationId, frames)),
    onEnd: (why) => (why === 'cut' ? writer.cut() : writer.end('data: [DONE]\n\n')),
  })
  writer.onClose(stop)
  writer.begin()
}

function toSse(generationId: string, frames: readonly ViewFrame[]): string {
  let text = ''
  for (const { seq, data } of frames) {
    if (seq !== null) text += `id: ${toFrameId({ generationId, seq })}\n`
    text += `data: ${data}\n\n`
  }
  return text
}
