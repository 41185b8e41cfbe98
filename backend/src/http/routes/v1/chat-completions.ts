import type { FastifyReply, FastifyRequest } from 'fastify'
import { emptyMessage, foldEvents, type FoldedMessage } from '@llmchat/protocol/fold-message'
import { AppError } from '../../../base/app-error.ts'
import type { FollowEnd } from '../../../generation/follower.ts'
import type { ViewFrame } from '../../../generation/view-frames.ts'
import type { RoutePlugin } from '../../app-types.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'
import { streamCompletion } from './stream-completion.ts'
import { toCompletion } from './to-completion.ts'
import type { ChunkHead } from './to-chunks.ts'
import { toEvent } from './v1-events.ts'
import type { ChatCompletionsDeps } from './v1-deps.ts'
import { toV1Request } from './to-v1-request.ts'
import { ChatCompletionRequestSchema, type ChatCompletionRequest } from './v1-schema.ts'

/** `POST /v1/chat/completions`: OpenAI's chat completions over the same durable generations. */
export function createChatCompletionsRoute(deps: ChatCompletionsDeps): RoutePlugin {
  return (app) => {
    const schema = {
      summary: 'OpenAI-compatible chat completions; the model is an agent id',
      body: ChatCompletionRequestSchema,
    }
    const config = { policy: isSignedIn('chat') }
    app.post('/v1/chat/completions', { config, schema }, (request, reply) =>
      complete(deps, request.body, request, reply),
    )
  }
}

async function complete(
  deps: ChatCompletionsDeps,
  body: ChatCompletionRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const agent = await deps.getAgent(request.user.id, body.model)
  const idempotencyKey = toIdempotencyKey(request.headers['idempotency-key'])
  const v1 = toV1Request(body, agent.target.provider, idempotencyKey !== null)
  const started = await deps.startV1({ userId: request.user.id, agent, request: v1, idempotencyKey })
  const { generationId } = started
  const head: ChunkHead = {
    id: `chatcmpl-${generationId}`,
    created: Math.floor(deps.clock.nowMs() / 1000),
    model: body.model,
  }
  if (v1.stopsWithClient) abandonWithClient(deps, reply, generationId)
  if (body.stream === true) {
    const includeUsage = body.stream_options?.include_usage === true
    await streamCompletion(deps, reply, { head, includeUsage, userId: request.user.id, started })
    return reply
  }
  const message = started.kind === 'stored' ? started.message : await collect(deps, request.user.id, generationId)
  return toCompletion(head, message)
}

function abandonWithClient(deps: ChatCompletionsDeps, reply: FastifyReply, generationId: string): void {
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) deps.abandon(generationId)
  })
}

function collect(deps: ChatCompletionsDeps, userId: string, generationId: string): Promise<FoldedMessage> {
  return new Promise((resolve, reject) => {
    let message = emptyMessage
    const viewer = {
      onFrames: (frames: readonly ViewFrame[]) => {
        message = foldEvents(message, frames.map(toEvent))
      },
      onEnd: (why: FollowEnd) => {
        if (why === 'cut') reject(new AppError('draining', { retryAfterMs: 1000 }))
        else resolve(message)
      },
    }
    deps.followGeneration({ userId, generationId, afterSeq: 0 }, viewer).catch(reject)
  })
}

function toIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  const key = String(header)
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new AppError('invalid_request', { message: 'Idempotency-Key must be 1 to 255 visible ASCII characters.' })
}
