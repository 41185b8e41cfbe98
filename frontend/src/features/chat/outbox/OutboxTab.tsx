import { useMemo } from 'react'
import { useStore } from 'zustand'
import { isErrorCode } from '@llmchat/protocol/error-code'
import { toCodeText } from '../../../shared/i18n/error-text.ts'
import { useText } from '../../../shared/i18n/use-text.ts'
import { toRefusalText } from '../../../shared/quota/quota-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { useChatEntry, useChatRuntime } from '../runtime/chat-runtime-context.ts'
import type { OutboxItem } from './outbox-item.ts'

/** More than a line ever shows; all of a refused book would take the browser seconds to lay out. */
const shownChars = 400

interface OutboxTabProps {
  sessionId: string | null
  /** A refused message is sent again to the agent chosen now. */
  agentId: string | null
  /** Puts text and files back into the composer. */
  onEdit: (item: OutboxItem) => void
}

/** On top of the composer: what waits to be sent, and what was refused. The one being sent stands in the thread. */
export function OutboxTab({ sessionId, agentId, onEdit }: OutboxTabProps) {
  const text = useText()
  const { outbox } = useChatRuntime()
  const all = useStore(outbox.items)
  const sendingId = useChatEntry(sessionId, (entry) => entry.outgoing?.itemId ?? null)
  const items = useMemo(
    () => all.filter((item) => item.sessionId === sessionId && item.id !== sendingId),
    [all, sessionId, sendingId],
  )
  if (items.length === 0) return null
  return (
    <ul className="chat-outbox" aria-live="polite" aria-label={text('chat.outbox.label')}>
      {items.map((item) => (
        <OutboxRow key={item.id} item={item} agentId={agentId} onEdit={onEdit} />
      ))}
    </ul>
  )
}

function OutboxRow({ item, agentId, onEdit }: { item: OutboxItem } & Pick<OutboxTabProps, 'agentId' | 'onEdit'>) {
  const text = useText()
  const runtime = useChatRuntime()
  const { failure } = item
  return (
    <li data-testid="outbox-item" data-state={failure ? 'failed' : 'waiting'} className={failure ? 'is-failed' : ''}>
      <Icon name={failure ? 'warning' : 'clock'} isSmall />
      <b>{text(failure ? 'chat.outbox.failed' : 'chat.outbox.waiting')}</b>
      <q>{item.text.slice(0, shownChars)}</q>
      {item.files ? (
        <span className="files" title={item.files.map(({ name }) => name).join('\n')}>
          <Icon name="attach" isSmall />
          <span className="sr">{text('chat.outbox.files')}</span>
          {item.files.length}
        </span>
      ) : null}
      {failure ? (
        <button type="button" className="btn quiet" onClick={() => runtime.retryItem(item.id, agentId)}>
          {text('chat.outbox.retry')}
        </button>
      ) : null}
      <IconButton
        icon="edit"
        isSmall
        label={text('chat.outbox.edit')}
        onClick={() => {
          const taken = runtime.takeBack(item.id)
          if (taken !== null) onEdit(taken)
        }}
      />
      <IconButton icon="close" isSmall label={text('chat.outbox.cancel')} onClick={() => runtime.takeBack(item.id)} />
      {failure && isErrorCode(failure.code) ? (
        <small>
          {failure.quota ? toRefusalText(text, failure.quota) : toCodeText(text, failure.code)}{' '}
          <code>{failure.requestId ?? failure.code}</code>
        </small>
      ) : null}
    </li>
  )
}
