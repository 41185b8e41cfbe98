import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { memo } from 'react'
import { Link } from 'wouter'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { Menu } from '../../../shared/ui/Menu.tsx'
import { LiveMark } from '../thread/LiveMark.tsx'
import { SessionMenuItems } from './SessionMenuItems.tsx'

interface SessionItemProps {
  session: ChatSession
  isCurrent: boolean
}

/** One chat of the list. Ends in exactly one of: live mark, unread disc, pin, nothing; on hover its menu. */
export const SessionItem = memo(function SessionItem({ session, isCurrent }: SessionItemProps) {
  const text = useText()
  const isUnread = session.state === 'unread' && !isCurrent
  return (
    <li className={`chat-item ${isUnread ? 'is-unread' : ''}`} data-testid="session-item" data-state={session.state}>
      <Link href={`/chat/${encodeURIComponent(session.id)}`} aria-current={isCurrent ? 'page' : undefined}>
        <span>{session.title}</span>
        <SessionMark session={session} isUnread={isUnread} />
      </Link>
      <Menu
        label={text('chat.menu.of', { title: session.title })}
        renderTrigger={(props) => (
          <IconButton {...props} icon="more" label={text('chat.menu.of', { title: session.title })} />
        )}
      >
        <SessionMenuItems session={session} />
      </Menu>
    </li>
  )
})

function SessionMark({ session, isUnread }: { session: ChatSession; isUnread: boolean }) {
  const text = useText()
  if (session.state === 'running') {
    return (
      <>
        <span className="sr">{text('chat.side.running')}</span>
        <LiveMark />
      </>
    )
  }
  if (isUnread) {
    return (
      <>
        <span className="sr">{text('chat.side.unread')}</span>
        <b className="unread" aria-hidden="true" />
      </>
    )
  }
  return session.isPinned ? <Icon name="pin" isSmall /> : null
}
