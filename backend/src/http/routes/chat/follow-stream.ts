import Type from 'typebox'
import { ClientIdSchema } from '@llmchat/protocol/api/common-schema'
import { parseFrameId, type FrameId } from '@llmchat/protocol/frame-id'
import { AppError } from '../../../base/app-error.ts'
import type { StreamQuestion } from '../../../generation/choose-stream.ts'
import type { FollowRequest } from '../../../generation/follower.ts'
import type { RoutePlugin } from '../../app-types.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'
import { followAsSse, type SseDeps } from '../../sse/follow-as-sse.ts'

export interface FollowStreamDeps extends SseDeps {
  chooseStream: (question: StreamQuestion) => Promise<FollowRequest | null>
}

const FollowQuerySchema = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 100, description: 'a frame id, <generationId>:<seq>' })),
    generation: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { additionalProperties: false },
)

/** `GET /api/chat/:sessionId/stream`: goes on where the viewer was; 204 when nothing runs. */
export function createFollowStreamRoute(deps: FollowStreamDeps): RoutePlugin {
  return (app) => {
    const schema = {
      summary: 'Follow the running answer of a chat',
      params: Type.Object({ sessionId: ClientIdSchema }),
      querystring: FollowQuerySchema,
      produces: ['text/event-stream'],
    }
    app.get(
      '/api/chat/:sessionId/stream',
      { config: { policy: isSignedIn('chat') }, schema },
      async (request, reply) => {
        const chosen = await deps.chooseStream({
          userId: request.user.id,
          sessionId: request.params.sessionId,
          after: toAfter(request.query.after ?? request.headers['last-event-id']),
          generationId: request.query.generation ?? null,
        })
        if (!chosen) return reply.code(204).send()
        await followAsSse(deps, reply, chosen)
        return reply
      },
    )
  }
}

function toAfter(text: string | string[] | undefined): FrameId | null {
  if (text === undefined || text === '') return null
  const frameId = parseFrameId(String(text))
  if (!frameId) throw new AppError('invalid_request', { message: 'The frame id is not <generationId>:<seq>.' })
  return frameId
}
