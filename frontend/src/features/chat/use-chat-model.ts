import { useMemo } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { toPlainText } from '@llmchat/protocol/message-part'
import { useText } from '../../shared/i18n/use-text.ts'
import { useSettings } from '../../shared/settings/use-settings.ts'
import { findAgent, pickDefaultAgent, useAgents } from './agents/agents-context.ts'
import { useChatEntry } from './runtime/chat-runtime-context.ts'
import { isEnded } from './stream/answer-progress.ts'
import type { LoadState, Outgoing } from './stream/chat-state.ts'
import { buildBranch } from './thread/message-tree.ts'
import type { BranchItem } from './thread/message-tree.ts'

/** What the parts of the screen need to know of the chat on it. */
export interface ChatModel {
  load: LoadState
  session: ChatSession | null
  title: string
  branch: readonly BranchItem[]
  outgoing: Outgoing | null
  hasOlder: boolean
  /** An answer is being asked for or written. */
  isBusy: boolean
  isStopping: boolean
  /** Who answers the next message. */
  agent: Agent | null
}

/** `chosenAgentId`: picked here for the next message; else whoever answers in this chat, else the default. */
export function useChatModel(sessionId: string | null, chosenAgentId: string | null): ChatModel {
  const text = useText()
  const agents = useAgents()
  const defaultAgentId = useSettings((settings) => settings.defaultAgentId)
  const messages = useChatEntry(sessionId, (entry) => entry.messages)
  const leafId = useChatEntry(sessionId, (entry) => entry.leafId)
  const outgoing = useChatEntry(sessionId, (entry) => entry.outgoing)
  const session = useChatEntry(sessionId, (entry) => entry.session)
  const branch = useMemo(() => buildBranch(messages, leafId, outgoing === null), [messages, leafId, outgoing])
  const last = branch.at(-1)?.message
  const isRunning = useChatEntry(sessionId, (entry) => {
    const delivery = last ? (entry.live.get(last.id)?.delivery ?? last.delivery) : null
    return last?.role === 'assistant' && !isEnded(delivery)
  })
  const agent = findAgent(agents, chosenAgentId) ?? findAgent(agents, session?.agentId ?? outgoing?.agentId ?? null)
  const firstWords = branch[0] ? toPlainText(branch[0].message.parts).slice(0, 60) : ''
  return {
    load: useChatEntry(sessionId, (entry) => entry.load),
    session,
    title: session?.title ?? (firstWords === '' ? text('chat.new') : firstWords),
    branch,
    outgoing,
    hasOlder: useChatEntry(sessionId, (entry) => entry.olderCursor !== null),
    isBusy: outgoing !== null || isRunning,
    isStopping: useChatEntry(sessionId, (entry) => entry.isStopping),
    agent: agent ?? pickDefaultAgent(agents, defaultAgentId),
  }
}
