import Type from 'typebox'
import { FeedbackRequestSchema } from '@llmchat/protocol/api/chat-schema'
import { saveFeedback } from '../../../chat/save-feedback.ts'
import type { Database } from '../../../db/database.ts'
import type { HttpApp } from '../../app-types.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'

export interface FeedbackRouteDeps {
  database: Database
  /** Tells the agent's own system. Returns at once and deals with its failures: the thumb is stored already. */
  forwardFeedback(userId: string, messageId: string, rating: 'good' | 'bad' | null): void
}

export function addFeedbackRoute(app: HttpApp, deps: FeedbackRouteDeps): void {
  app.post(
    '/api/chat/feedback',
    {
      config: { policy: isSignedIn('chat') },
      schema: {
        summary: 'Rate an answer, or take the rating back',
        body: FeedbackRequestSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await saveFeedback(deps, request.user.id, request.body)
      deps.forwardFeedback(request.user.id, request.body.messageId, request.body.rating)
      return reply.code(204).send(null)
    },
  )
}
