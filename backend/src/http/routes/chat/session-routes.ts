import Type from 'typebox'
import {
  ChatMessagePageSchema,
  ChatSessionPageSchema,
  ChatSessionSchema,
  ExportQuerySchema,
  ListMessagesQuerySchema,
  ListSessionsQuerySchema,
  SearchQuerySchema,
  SearchResponseSchema,
  UpdateSessionRequestSchema,
  type ChatMessagePage,
} from '@llmchat/protocol/api/chat-schema'
import { ClientIdSchema } from '@llmchat/protocol/api/common-schema'
import { deleteSession } from '../../../chat/delete-session.ts'
import { exportSession } from '../../../chat/export-session.ts'
import { getSession } from '../../../chat/get-session.ts'
import { listMessages } from '../../../chat/list-messages.ts'
import { listSessions } from '../../../chat/list-sessions.ts'
import { searchMessages } from '../../../chat/search-messages.ts'
import { updateSession } from '../../../chat/update-session.ts'
import type { Database } from '../../../db/database.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'
import type { ShareGet } from '../../plugins/create-get-sharing.ts'
import { toContentDisposition } from '../../to-content-disposition.ts'

export interface SessionRouteDeps {
  acts: ActWriter
  shareGet: ShareGet
  database: Database
  /** Throws `agent_not_found` or `agent_inactive` unless this agent can be asked. */
  requireAgent(userId: string, agentId: string): Promise<void>
  /** Ends the answers that still run in a chat; nobody else would tell their upstreams. */
  endSession(userId: string, sessionId: string): Promise<void>
}

const SessionParamsSchema = Type.Object({ sessionId: ClientIdSchema })
const mayRead = { policy: isSignedIn('read') }
const mayChange = { policy: isSignedIn('chat') }
const contentTypes = { md: 'text/markdown; charset=utf-8', json: 'application/json; charset=utf-8' } as const

export function addSessionRoutes(app: HttpApp, deps: SessionRouteDeps): void {
  const { shareGet } = deps
  app.get(
    '/api/chat/sessions',
    {
      config: mayRead,
      schema: {
        summary: 'List chats, pinned first, then the newest',
        querystring: ListSessionsQuerySchema,
        response: { 200: ChatSessionPageSchema },
      },
    },
    (request) => shareGet(request, () => listSessions(deps, request.user.id, request.query)),
  )

  app.get(
    '/api/chat/sessions/search',
    {
      config: mayRead,
      schema: {
        summary: 'Search titles and messages',
        querystring: SearchQuerySchema,
        response: { 200: SearchResponseSchema },
      },
    },
    (request) => shareGet(request, () => searchMessages(deps, request.user.id, request.query.q, request.query.limit)),
  )

  app.get(
    '/api/chat/sessions/:sessionId',
    {
      config: mayRead,
      schema: {
        summary: 'Get one chat',
        params: SessionParamsSchema,
        response: { 200: ChatSessionSchema },
      },
    },
    (request) => shareGet(request, () => getSession(deps, request.user.id, request.params.sessionId)),
  )

  app.patch(
    '/api/chat/sessions/:sessionId',
    {
      config: mayChange,
      schema: {
        summary: 'Rename, pin, archive, mark as read, choose the branch or the agent',
        params: SessionParamsSchema,
        body: UpdateSessionRequestSchema,
        response: { 200: ChatSessionSchema },
      },
    },
    async (request) => {
      if (request.body.agentId !== undefined) await deps.requireAgent(request.user.id, request.body.agentId)
      return updateSession(deps, request.user.id, request.params.sessionId, request.body)
    },
  )

  app.delete(
    '/api/chat/sessions/:sessionId',
    {
      config: mayChange,
      schema: {
        summary: 'Delete a chat with all its messages',
        params: SessionParamsSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deps.endSession(request.user.id, request.params.sessionId)
      await deleteSession(deps, request.user.id, request.params.sessionId)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/chat/sessions/:sessionId/messages',
    {
      config: mayRead,
      schema: {
        summary: 'List the messages of all branches, pages going back in time',
        params: SessionParamsSchema,
        querystring: ListMessagesQuerySchema,
        response: { 200: Type.Unsafe<ChatMessagePage>(ChatMessagePageSchema) },
      },
    },
    (request) => shareGet(request, () => listMessages(deps, request.user.id, request.params.sessionId, request.query)),
  )

  app.get(
    '/api/chat/sessions/:sessionId/export',
    {
      config: mayRead,
      schema: {
        summary: 'Download a chat as Markdown or JSON',
        params: SessionParamsSchema,
        querystring: ExportQuerySchema,
      },
    },
    async (request, reply) => {
      const target = { kind: 'chat-session', id: request.params.sessionId }
      const file = await exportSession(deps, request.user.id, request.params.sessionId, request.query)
      await deps.acts.record(request, { action: 'chat.exported', target, details: { ...request.query } })
      return reply
        .header('content-disposition', toContentDisposition(file.title, file.format))
        .type(contentTypes[file.format])
        .send(file.body)
    },
  )
}
