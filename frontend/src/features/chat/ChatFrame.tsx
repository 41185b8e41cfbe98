import { useCallback, useEffect, useRef, useState } from 'react'
import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useLocation, useRoute } from 'wouter'
import { updateSession } from '../../shared/api/sessions.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { showToast } from '../../shared/ui/toast-store.ts'
import './chat-frame.css'
import { ChatView } from './ChatView.tsx'
import { useChatRuntime } from './runtime/chat-runtime-context.ts'
import { useSessionActs } from './sidebar/session-acts.ts'
import { SessionActsProvider } from './sidebar/SessionActsProvider.tsx'
import { createSessionList } from './sidebar/session-list.ts'
import { Sidebar } from './sidebar/Sidebar.tsx'
import { useSessionPolling } from './sidebar/use-session-list.ts'
import { useSidebar } from './use-sidebar.ts'
import type { SidebarState } from './use-sidebar.ts'

/** Sidebar and main column. */
export function ChatFrame({ isAgentsLoading }: { isAgentsLoading: boolean }) {
  const text = useText()
  const runtime = useChatRuntime()
  const [, params] = useRoute<{ id: string }>('/chat/:id')
  const currentId = params ? decodeURIComponent(params.id) : null
  const [, navigate] = useLocation()
  const [list] = useState(createSessionList)
  const sidebar = useSidebar()
  const { closeDrawer } = sidebar
  useSessionPolling(list)
  useEffect(() => {
    runtime.show(currentId)
    closeDrawer()
  }, [runtime, currentId, closeDrawer])
  const newChat = useCallback(() => {
    closeDrawer()
    navigate('/')
    if (hasKeyboard()) focusComposer()
  }, [navigate, closeDrawer])
  return (
    <SessionActsProvider list={list} currentId={currentId}>
      <a
        className="skip"
        href="#composer"
        onClick={(event) => {
          // The address names a message after the hash, nothing else.
          event.preventDefault()
          focusComposer()
        }}
      >
        {text('chat.skip')}
      </a>
      <div className="chat-frame" data-side={sidebar.isOpen ? 'open' : 'closed'}>
        <Sidebar
          list={list}
          currentId={currentId}
          isOpen={sidebar.isOpen}
          onToggle={sidebar.toggle}
          onNewChat={newChat}
        />
        {sidebar.isOpen ? <div className="chat-scrim" onClick={closeDrawer} /> : null}
        <CurrentChat currentId={currentId} isAgentsLoading={isAgentsLoading} sidebar={sidebar} onNewChat={newChat} />
      </div>
    </SessionActsProvider>
  )
}

interface CurrentChatProps {
  currentId: string | null
  isAgentsLoading: boolean
  sidebar: SidebarState
  onNewChat: () => void
}

function CurrentChat({ currentId, isAgentsLoading, sidebar, onNewChat }: CurrentChatProps) {
  const text = useText()
  const [, navigate] = useLocation()
  const { askRename } = useSessionActs()
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const begunId = useRef<string | null>(null)
  const key = currentId ?? 'new'
  const chooseAgent = (agent: Agent) => {
    setChosen({ ...chosen, [key]: agent.id })
    if (currentId === null) return
    showToast({ kind: 'ok', text: text('chat.agent.next', { agent: agent.name }) })
    // Kept for a reload; the next message names its agent itself, so that a failure here changes nothing.
    updateSession(currentId, { agentId: agent.id }).catch(() => undefined)
  }
  const begin = useCallback(
    (id: string) => {
      begunId.current = id
      setChosen(({ new: agentId, ...others }) => (agentId === undefined ? others : { ...others, [id]: agentId }))
      navigate(`/chat/${id}`)
    },
    [navigate],
  )
  return (
    <ChatView
      key={key}
      sessionId={currentId}
      isAgentsLoading={isAgentsLoading}
      chosenAgentId={chosen[key] ?? null}
      sidebar={sidebar}
      takesFocus={() => (currentId === null ? hasKeyboard() : currentId === begunId.current)}
      onChooseAgent={chooseAgent}
      onBegin={begin}
      onNewChat={onNewChat}
      onRename={askRename}
    />
  )
}

/** On a phone the focus would pull up the keyboard over the suggestions. */
function hasKeyboard(): boolean {
  return window.matchMedia('(hover: hover)').matches
}

function focusComposer(): void {
  document.querySelector<HTMLElement>('#composer textarea')?.focus()
}
