import { memo, Suspense } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { InputRequest } from '@llmchat/protocol/chat-event'
import { toPlainText } from '@llmchat/protocol/message-part'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useAppActions } from '../../../shared/ui/app-actions.ts'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { useChatEntry, useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { toInitial } from '../to-initial.ts'
import type { MessageFile } from '../uploads/message-file.ts'
import { BranchSwitch } from './BranchSwitch.tsx'
import { copyWithToast } from './copy-with-toast.ts'
import { LazyMessageFiles, LazyQuestionEditor } from './lazy-thread-parts.ts'
import type { BranchItem } from './message-tree.ts'
import { findReplyPairs } from './reply-text.ts'
import { useTimeFormat } from './use-time-format.ts'
import './user-message.css'

interface UserMessageProps {
  item: BranchItem
  /** What the answer before it had asked for. */
  request: InputRequest | null
  /** Who answers what is sent next. */
  agent: Agent | null
  isEditing: boolean
  isFar: boolean
  /** Begins (with the message's id) or ends (with null) the editing. */
  onEdit: (id: string | null) => void
  onSend: (text: string, files: readonly MessageFile[], branchFromId: string | null) => void
}

/** A question: the heading of its turn, a slip of paper as wide as its text. */
export const UserMessage = memo(function UserMessage(props: UserMessageProps) {
  const { item, request, agent, isEditing, isFar, onEdit, onSend } = props
  const { message } = item
  const text = useText()
  const { toTime } = useTimeFormat()
  const { me } = useAppActions()
  const plainText = toPlainText(message.parts)
  const isSending = useChatEntry(
    message.sessionId,
    ({ outgoing }) => outgoing?.itemId === message.id && outgoing.phase === 'sending',
  )
  return (
    <article
      className={`chat-msg user ${isFar ? 'is-far' : ''}`}
      data-testid="message"
      data-role="user"
      data-state={isSending ? 'sending' : 'complete'}
      data-message-id={message.id}
      tabIndex={-1}
      aria-label={`${me.user.name}, ${toTime(message.createdAt)}`}
    >
      <span className="avatar person" aria-hidden="true">
        {toInitial(me.user.name)}
      </span>
      <div className="body">
        <div className="meta">
          <strong>{me.user.name}</strong>
          {isSending ? (
            <span>{text('chat.message.sending')}</span>
          ) : (
            <time dateTime={message.createdAt}>{toTime(message.createdAt)}</time>
          )}
        </div>
        {isEditing ? (
          <Suspense fallback={<Slip text={plainText} request={request} />}>
            <LazyQuestionEditor
              message={message}
              text={plainText}
              agent={agent}
              onCancel={() => onEdit(null)}
              onSend={(value, files) => onSend(value, files, message.parentId)}
            />
          </Suspense>
        ) : (
          <>
            {message.parts.some(({ type }) => type === 'file') ? (
              <Suspense fallback={null}>
                <LazyMessageFiles parts={message.parts} />
              </Suspense>
            ) : null}
            <Slip text={plainText} request={request} />
            <QuestionActions item={item} plainText={plainText} onEdit={onEdit} />
          </>
        )}
      </div>
    </article>
  )
})

function Slip({ text, request }: { text: string; request: InputRequest | null }) {
  const pairs = request ? findReplyPairs(request, text) : null
  if (!pairs) return <div className="slip">{text}</div>
  return (
    <dl className="slip pairs">
      {pairs.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function QuestionActions({
  item,
  plainText,
  onEdit,
}: Pick<UserMessageProps, 'item' | 'onEdit'> & { plainText: string }) {
  const text = useText()
  const runtime = useChatRuntime()
  const { id, sessionId } = item.message
  return (
    <div className="actions">
      <BranchSwitch
        siblingIds={item.siblingIds}
        currentId={id}
        onChoose={(siblingId) => runtime.showVersion(sessionId, siblingId)}
      />
      <IconButton
        icon="copy"
        label={text('chat.message.copyQuestion')}
        onClick={() => void copyWithToast(text, plainText)}
      />
      <IconButton icon="edit" label={text('chat.message.edit')} onClick={() => onEdit(id)} />
    </div>
  )
}
