import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/database.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { ProviderAdapter } from '../providers/provider-adapter.ts'
import type { AgentChoice } from './generation-job.ts'

export interface ForwardFeedbackDeps {
  database: Database
  logger: Logger
  outbound: OutboundClient
  findAgent: (agentId: string) => Promise<AgentChoice | null>
  getAdapter: (provider: ProviderName) => ProviderAdapter
  toEndUserId: (userId: string) => string
}

const totalMs = 10_000

/** Passes a thumb on to the agent's own system, where it has a place for it. The thumb itself is stored already. */
export async function forwardFeedback(
  deps: ForwardFeedbackDeps,
  feedback: { userId: string; messageId: string; rating: 'good' | 'bad' | null },
): Promise<void> {
  const message = await deps.database.kysely
    .selectFrom('chat_messages')
    .select(['agent_id', 'upstream'])
    .where('user_id', '=', feedback.userId)
    .where('id', '=', feedback.messageId)
    .executeTakeFirst()
  const agent = message?.agent_id ? await deps.findAgent(message.agent_id) : null
  if (!message || !agent) return
  const request = deps.getAdapter(agent.target.provider).toFeedbackRequest(agent.target, {
    rating: feedback.rating,
    endUserId: deps.toEndUserId(feedback.userId),
    ids: message.upstream,
  })
  if (!request) return
  const reply = await deps.outbound.send(request, { totalMs, maxBytes: 64 * 1024 })
  if (reply.status >= 300) deps.logger.warn({ agentId: agent.id, status: reply.status }, 'feedback was not taken')
}
