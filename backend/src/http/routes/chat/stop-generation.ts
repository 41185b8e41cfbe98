import Type from 'typebox'
import { StopRequestSchema, StopResponseSchema } from '@llmchat/protocol/api/chat-schema'
import { ClientIdSchema } from '@llmchat/protocol/api/common-schema'
import type { StopResult } from '../../../generation/stop-generation.ts'
import type { RoutePlugin } from '../../app-types.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'

export interface StopGenerationDeps {
  stopGeneration: (key: { userId: string; sessionId: string; generationId: string | null }) => Promise<StopResult>
}

/** `POST /api/chat/:sessionId/stop`: durable; answers what became of the generation. */
export function createStopGenerationRoute(deps: StopGenerationDeps): RoutePlugin {
  return (app) => {
    const schema = {
      summary: 'Stop a running answer',
      params: Type.Object({ sessionId: ClientIdSchema }),
      body: Type.Union([StopRequestSchema, Type.Null()]),
      response: { 200: StopResponseSchema },
    }
    app.post('/api/chat/:sessionId/stop', { config: { policy: isSignedIn('chat') }, schema }, async (request) =>
      deps.stopGeneration({
        userId: request.user.id,
        sessionId: request.params.sessionId,
        generationId: request.body?.generationId ?? null,
      }),
    )
  }
}
