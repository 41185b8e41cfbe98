import { useEffect, useId, useRef } from 'react'
import { Link } from 'wouter'
import { useStore } from 'zustand'
import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useAppActions } from '../../../shared/ui/app-actions.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { Mark } from '../../../shared/ui/Mark.tsx'
import { Skeleton, useIsLate } from '../../../shared/ui/Skeleton.tsx'
import { toInitial } from '../to-initial.ts'
import { groupSessions } from './merge-sessions.ts'
import type { SessionList } from './session-list.ts'
import { SessionItem } from './SessionItem.tsx'
import './sidebar.css'
import { useOlderSessions } from './use-session-list.ts'

interface SidebarProps {
  list: SessionList
  currentId: string | null
  isOpen: boolean
  onToggle: () => void
  onNewChat: () => void
}

/** The list of chats. On a phone a drawer over a scrim. */
export function Sidebar({ list, currentId, isOpen, onToggle, onNewChat }: SidebarProps) {
  const text = useText()
  const { openSearch, openSettings, me } = useAppActions()
  return (
    <aside className="chat-side" aria-label={text('chat.side.label')} data-closed={isOpen ? undefined : ''}>
      <div className="top">
        <Mark />
        <span>{text('common.brand')}</span>
        <IconButton icon="sidebar" label={text('chat.side.close')} aria-keyshortcuts="Control+B" onClick={onToggle} />
      </div>
      <div className="tools">
        <Link className="tool" href="/" aria-keyshortcuts="Control+Shift+O" onClick={onNewChat}>
          <Icon name="plus" />
          {text('chat.new')}
          <kbd className="kbd">{toShortcut('⇧ O')}</kbd>
        </Link>
        <button type="button" className="tool" aria-keyshortcuts="Control+K" onClick={openSearch}>
          <Icon name="search" />
          {text('chat.side.search')}
          <kbd className="kbd">{toShortcut('K')}</kbd>
        </button>
      </div>
      <SessionNav list={list} currentId={currentId} />
      <div className="me">
        <span className="avatar person" aria-hidden="true">
          {toInitial(me.user.name)}
        </span>
        <span>{me.user.name}</span>
        {me.user.role === 'member' ? null : (
          <Link className="icon-btn" href="/admin" title={text('chat.side.admin')} aria-label={text('chat.side.admin')}>
            <Icon name="shield" />
          </Link>
        )}
        <IconButton icon="settings" label={text('chat.side.settings')} onClick={openSettings} />
      </div>
    </aside>
  )
}

function SessionNav({ list, currentId }: { list: SessionList; currentId: string | null }) {
  const text = useText()
  const { sessions, nextCursor } = useStore(list)
  const { isLoading, loadMore } = useOlderSessions(list)
  const groups = groupSessions(sessions ?? [], new Date().setHours(0, 0, 0, 0))
  return (
    <nav aria-label={text('chat.side.chats')} aria-busy={sessions === null || isLoading}>
      {sessions === null ? <SessionSkeleton /> : null}
      {sessions?.length === 0 ? <p className="empty">{text('chat.side.empty')}</p> : null}
      <SessionGroup title={text('chat.side.pinned')} sessions={groups.pinned} currentId={currentId} />
      <SessionGroup title={text('chat.side.today')} sessions={groups.today} currentId={currentId} />
      <SessionGroup title={text('chat.side.earlier')} sessions={groups.earlier} currentId={currentId} />
      {nextCursor === null ? null : <LoadMore key={sessions?.length} onNear={loadMore} />}
    </nav>
  )
}

function SessionGroup(props: { title: string; sessions: ChatSession[]; currentId: string | null }) {
  const { title, sessions, currentId } = props
  const headingId = useId()
  if (sessions.length === 0) return null
  return (
    <>
      <h2 id={headingId}>{title}</h2>
      <ul aria-labelledby={headingId}>
        {sessions.map((session) => (
          <SessionItem key={session.id} session={session} isCurrent={session.id === currentId} />
        ))}
      </ul>
    </>
  )
}

/** Asks for the next page when it comes near. A new one stands below each page, so that a short page asks again. */
function LoadMore({ onNear }: { onNear: () => void }) {
  const ref = useRef<HTMLDivElement>(null)
  const latest = useRef(onNear)
  useEffect(() => {
    latest.current = onNear
  })
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current()
      },
      { rootMargin: '400px' },
    )
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={ref} className="more">
      <Skeleton />
    </div>
  )
}

function SessionSkeleton() {
  const isLate = useIsLate()
  if (!isLate) return null
  return (
    <div className="loading">
      {['72%', '54%', '83%', '61%', '76%'].map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  )
}

function toShortcut(keys: string): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? `⌘ ${keys}` : `Ctrl ${keys}`
}
