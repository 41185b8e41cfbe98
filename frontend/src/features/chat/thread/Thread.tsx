import { Fragment } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { InputRequest } from '@llmchat/protocol/chat-event'
import { toPlainText } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { findAgent, useAgents } from '../agents/agents-context.ts'
import type { Outgoing } from '../stream/chat-state.ts'
import type { MessageFile } from '../uploads/message-file.ts'
import { AnswerMessage, PendingAnswer } from './AnswerMessage.tsx'
import type { BranchItem } from './message-tree.ts'
import { toDayKey } from './to-day-key.ts'
import { UserMessage } from './UserMessage.tsx'
import { useTimeFormat } from './use-time-format.ts'
import './message.css'
import './message-actions.css'

/** So many messages at the end are always drawn; what lies before may be skipped by the browser while out of sight. */
const drawnCount = 12

interface ThreadProps {
  branch: readonly BranchItem[]
  outgoing: Outgoing | null
  /** Who answers what is sent next. */
  agent: Agent | null
  editingId: string | null
  onEdit: (id: string | null) => void
  onSend: (text: string, files: readonly MessageFile[], branchFromId: string | null) => void
}

/** One branch of the chat, oldest first. */
export function Thread({ branch, outgoing, agent, editingId, onEdit, onSend }: ThreadProps) {
  const agents = useAgents()
  return (
    <>
      {branch.map((item, index) => {
        const { message } = item
        const before = branch[index - 1]?.message
        const isFar = index < branch.length - drawnCount
        const isNewDay = !before || toDayKey(before.createdAt) !== toDayKey(message.createdAt)
        return (
          <Fragment key={message.id}>
            {isNewDay ? <DaySeparator iso={message.createdAt} /> : null}
            {message.role === 'user' ? (
              <UserMessage
                item={item}
                request={findRequest(branch[index - 1])}
                agent={agent}
                isEditing={editingId === message.id}
                isFar={isFar}
                onEdit={onEdit}
                onSend={onSend}
              />
            ) : (
              <AnswerMessage
                item={item}
                isLast={index === branch.length - 1 && !outgoing}
                isFar={isFar}
                reply={findReply(branch[index + 1])}
              />
            )}
          </Fragment>
        )
      })}
      {outgoing ? <PendingAnswer agent={findAgent(agents, outgoing.agentId)} phase={outgoing.phase} /> : null}
    </>
  )
}

function DaySeparator({ iso }: { iso: string }) {
  const text = useText()
  const { toDate } = useTimeFormat()
  const day = toDayKey(iso)
  const now = new Date()
  const today = toDayKey(now.toISOString())
  const yesterday = toDayKey(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toISOString())
  const words = day === today ? text('chat.day.today') : day === yesterday ? text('chat.day.yesterday') : toDate(iso)
  return <p className="day">{words}</p>
}

function findRequest(item: BranchItem | undefined): InputRequest | null {
  const part = item?.message.parts.findLast((candidate) => candidate.type === 'input-request')
  return part?.type === 'input-request' ? part.request : null
}

function findReply(item: BranchItem | undefined): string | null {
  return item ? toPlainText(item.message.parts) : null
}
