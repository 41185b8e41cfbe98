import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'
import { agentsQuery } from '../../shared/api/agents.ts'
import type { ApiError } from '../../shared/api/api-error.ts'
import { recentSessionsQuery } from '../../shared/api/sessions.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { useAppActions } from '../../shared/ui/app-actions.ts'
import { showToast } from '../../shared/ui/toast-store.ts'
import { AgentsContext } from './agents/agents-context.ts'
import { ChatFrame } from './ChatFrame.tsx'
import { openBrowserRuntime } from './runtime/browser-runtime.ts'
import type { BrowserRuntime } from './runtime/browser-runtime.ts'
import { ChatRuntimeContext } from './runtime/chat-runtime-context.ts'
import type { ChatProblem } from './runtime/chat-runtime.ts'
import { preloadThread } from './thread/lazy-thread.ts'
import { preloadAttachments } from './uploads/lazy-attachments.ts'

/** The chat of the person who is signed in: `/` is a new one, `/chat/:id` one of theirs. */
export default function ChatPage() {
  const { me } = useAppActions()
  const { data: agents, isPending } = useQuery(agentsQuery)
  const { runtime, announcement } = useRuntime(me.user.id)
  useEffect(() => void preloadAll(runtime), [runtime])
  if (!runtime) return null
  return (
    <ChatRuntimeContext value={runtime}>
      <AgentsContext value={agents ?? noAgents}>
        <ChatFrame isAgentsLoading={isPending} />
        <p className="sr" role="status" aria-live="polite">
          <span key={announcement.count}>{announcement.text}</span>
        </p>
      </AgentsContext>
    </ChatRuntimeContext>
  )
}

const noAgents: never[] = []

/** What is needed first comes first. A failure shows when it is needed. */
async function preloadAll(runtime: BrowserRuntime | null): Promise<void> {
  await preloadThread()
  await Promise.all([preloadAttachments(), runtime?.loadUploader()]).catch(() => undefined)
}

/** Counted, because the same words twice are two announcements. */
interface Announcement {
  text: string
  count: number
}

/** One runtime per person, as long as the page is there. `announcement` speaks of the answer that has ended last. */
function useRuntime(userId: string): { runtime: BrowserRuntime | null; announcement: Announcement } {
  const text = useText()
  const queryClient = useQueryClient()
  const [holder] = useState(() => createStore<BrowserRuntime | null>(() => null))
  const [announcement, setAnnouncement] = useState<Announcement>({ text: '', count: 0 })
  const announce = (words: string) => setAnnouncement(({ count }) => ({ text: words, count: count + 1 }))
  const onProblem = useEffectEvent((problem: ChatProblem, error: ApiError) =>
    showToast({ kind: 'bad', text: text(`chat.problem.${problem}`, { reason: toErrorText(text, error) }) }),
  )
  const onEnded = useEffectEvent((answer: ChatMessage | null) => {
    const state = answer?.delivery?.state
    if (state === 'complete') announce(text('chat.thread.done'))
    else if (state === 'stopped' || state === 'interrupted' || state === 'failed')
      announce(text(`chat.thread.ended.${state}`))
  })
  useEffect(() => {
    const opened = openBrowserRuntime({
      userId,
      onProblem: (problem, error) => onProblem(problem, error),
      onEnded: (_sessionId, answer) => onEnded(answer),
      onSessionsChanged: () => void queryClient.invalidateQueries({ queryKey: recentSessionsQuery.queryKey }),
    })
    holder.setState(opened, true)
    return () => {
      opened.close()
      holder.setState(null, true)
    }
  }, [holder, userId, queryClient])
  return { runtime: useStore(holder), announcement }
}
