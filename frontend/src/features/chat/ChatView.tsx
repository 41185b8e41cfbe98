import { Suspense, useCallback, useEffect, useLayoutEffect, useState } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { useStore } from 'zustand'
import { useText } from '../../shared/i18n/use-text.ts'
import { Icon } from '../../shared/ui/Icon.tsx'
import { Composer } from './composer/Composer.tsx'
import { ConnectionBanner } from './connection/ConnectionBanner.tsx'
import { ChatHeader } from './header/ChatHeader.tsx'
import type { OutboxItem } from './outbox/outbox-item.ts'
import { OutboxTab } from './outbox/OutboxTab.tsx'
import { QuotaNotice } from './quota/QuotaNotice.tsx'
import { useChatRuntime } from './runtime/chat-runtime-context.ts'
import { createId } from './runtime/create-id.ts'
import { EmptyChat } from './thread/EmptyChat.tsx'
import { LazyThread } from './thread/lazy-thread.ts'
import { moveQuestion } from './thread/move-question.ts'
import { ThreadError, ThreadSkeleton } from './thread/ThreadStates.tsx'
import './thread/thread.css'
import { toEditKey } from './thread/to-edit-key.ts'
import { useMessageAnchor } from './thread/use-message-anchor.ts'
import { useStickToBottom } from './thread/use-stick-to-bottom.ts'
import { toAttachment } from './uploads/attachment-store.ts'
import { LazyFileDropZone } from './uploads/lazy-attachments.ts'
import { noFiles } from './uploads/message-file.ts'
import type { MessageFile } from './uploads/message-file.ts'
import { useAddFiles } from './uploads/use-attachments.ts'
import { useChatModel } from './use-chat-model.ts'
import type { ChatModel } from './use-chat-model.ts'
import { useChatShortcuts } from './use-chat-shortcuts.ts'
import type { SidebarState } from './use-sidebar.ts'

/** Older messages are asked for when the top of what is loaded comes this near. */
const nearTopPx = 900

interface ChatViewProps {
  /** Null: a new chat, which gets its id with its first message. */
  sessionId: string | null
  isAgentsLoading: boolean
  chosenAgentId: string | null
  sidebar: SidebarState
  /** Whether the composer takes the focus when the chat comes up: a new one, or one that has just begun. */
  takesFocus: () => boolean
  onChooseAgent: (agent: Agent) => void
  /** The first message of a new chat was written. */
  onBegin: (sessionId: string) => void
  onNewChat: () => void
  onRename: (session: ChatSession) => void
}

/** One chat: header, thread, composer. */
export function ChatView(props: ChatViewProps) {
  const { sessionId, chosenAgentId, sidebar } = props
  const text = useText()
  const runtime = useChatRuntime()
  const model = useChatModel(sessionId, chosenAgentId)
  const [editingId, setEditingId] = useState<string | null>(null)
  const scrolling = useStickToBottom()
  const { scrollRef, contentRef, jump, release, restorePlace } = scrolling
  const agentId = model.agent?.id ?? null
  const { onBegin } = props

  const send = useCallback(
    (words: string, files: readonly MessageFile[], branchFromId?: string | null) => {
      const branch = branchFromId === undefined ? {} : { branchFromId }
      const message = { text: words, agentId, ...(files.length === 0 ? {} : { files }) }
      if (sessionId === null) {
        const id = createId()
        runtime.send({ ...message, sessionId: id, startsChat: true })
        onBegin(id)
      } else runtime.send({ ...message, sessionId, ...branch })
      setEditingId(null)
      jump()
    },
    [sessionId, agentId, runtime, onBegin, jump],
  )
  const stop = () => {
    if (sessionId !== null) runtime.stop(sessionId)
  }
  const editLast = () => {
    const last = model.branch.findLast((item) => item.message.role === 'user')
    if (last) setEditingId(last.message.id)
  }

  const firstId = model.branch[0]?.message.id
  useLayoutEffect(restorePlace, [firstId, restorePlace])
  const scrollTo = useCallback(
    (messageId: string) => {
      release()
      const message = scrollRef.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`)
      message?.scrollIntoView({ block: 'center' })
      message?.focus({ preventScroll: true })
    },
    [release, scrollRef],
  )
  useMessageAnchor(sessionId, scrollTo)
  useChatShortcuts({
    toggleSidebar: sidebar.toggle,
    newChat: props.onNewChat,
    rename: () => {
      if (model.session) props.onRename(model.session)
    },
    escape: () => {
      if (sidebar.isDrawerOpen()) sidebar.toggle()
      else if (model.isBusy) stop()
      else return false
      return true
    },
    moveQuestion: (direction) => {
      release()
      if (scrollRef.current) moveQuestion(scrollRef.current, direction)
    },
  })
  useDocumentTitle(sessionId === null ? text('common.brand') : `${model.title} · ${text('common.brand')}`)

  const loadOlder = () => {
    const box = scrollRef.current
    if (sessionId !== null && model.hasOlder && box && box.scrollTop < nearTopPx) runtime.loadOlder(sessionId)
  }
  // A short page may leave the top in sight: nobody can scroll there.
  useEffect(loadOlder)

  const draftKey = sessionId ?? 'new'
  const addFiles = useAddFiles()
  const takeBack = (taken: OutboxItem) => {
    const typed = runtime.drafts.read(draftKey)
    const { text: words, files = noFiles } = taken
    runtime.drafts.set(draftKey, typed === '' ? words : `${words}\n${typed}`)
    if (files.length > 0) {
      runtime.attachments.change(draftKey, (list) => [...files.map((file) => toAttachment(file)), ...list])
    }
    document.querySelector<HTMLElement>('#composer textarea')?.focus()
  }
  return (
    <main className="chat-main" inert={sidebar.isDrawerOpen()}>
      <ChatHeader
        title={model.title}
        session={model.session}
        agent={model.agent}
        isSidebarOpen={sidebar.isOpen}
        onToggleSidebar={sidebar.toggle}
        onChooseAgent={props.onChooseAgent}
      />
      <ConnectionBanner isStreaming={model.isBusy} />
      <div
        ref={scrollRef}
        className="chat-scroll"
        tabIndex={0}
        role="region"
        aria-label={text('chat.thread.label')}
        onScroll={loadOlder}
      >
        <div ref={contentRef} className="chat-thread" role="log" aria-live="off">
          {model.hasOlder ? <p className="older">{text('chat.load.older')}</p> : null}
          <ThreadContent {...props} model={model} editingId={editingId} onEdit={setEditingId} onSend={send} />
        </div>
      </div>
      <div className="chat-dock">
        <div className="in">
          {scrolling.isAway ? (
            <button type="button" className="btn jump" onClick={jump}>
              <Icon name="down" isSmall />
              {text('chat.thread.jump')}
            </button>
          ) : null}
          <QuotaNotice />
          <OutboxTab sessionId={sessionId} agentId={agentId} onEdit={takeBack} />
          <Composer
            draftKey={draftKey}
            agent={model.agent}
            isBusy={model.isBusy}
            isStopping={model.isStopping}
            takesFocus={props.takesFocus}
            onSend={send}
            onFiles={(files) => addFiles(draftKey, files)}
            onStop={stop}
            onEditLast={editLast}
          />
        </div>
      </div>
      <Suspense fallback={null}>
        <LazyFileDropZone
          agent={model.agent}
          onFiles={(files) => addFiles(editingId === null ? draftKey : toEditKey(editingId), files)}
        />
      </Suspense>
    </main>
  )
}

interface ThreadContentProps extends Pick<ChatViewProps, 'sessionId' | 'isAgentsLoading'> {
  model: ChatModel
  editingId: string | null
  onEdit: (id: string | null) => void
  onSend: (text: string, files: readonly MessageFile[], branchFromId?: string | null) => void
}

/** What is known stays on the screen while more is read. */
function ThreadContent({ sessionId, isAgentsLoading, model, editingId, onEdit, onSend }: ThreadContentProps) {
  const runtime = useChatRuntime()
  const hasQueued = useStore(runtime.outbox.items, (items) => items.some((item) => item.sessionId === sessionId))
  const { branch, load, outgoing } = model
  if (branch.length > 0 || outgoing) {
    return (
      <Suspense fallback={<ThreadSkeleton />}>
        <LazyThread
          branch={branch}
          outgoing={outgoing}
          agent={model.agent}
          editingId={editingId}
          onEdit={onEdit}
          onSend={onSend}
        />
      </Suspense>
    )
  }
  if (sessionId === null || (load.state === 'ready' && !hasQueued)) {
    return <EmptyChat agent={model.agent} isLoading={isAgentsLoading} onAsk={(question) => onSend(question, noFiles)} />
  }
  if (load.state === 'failed') return <ThreadError error={load.error} onRetry={() => runtime.refresh(sessionId)} />
  return load.state === 'ready' ? null : <ThreadSkeleton />
}

function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title
  }, [title])
}
