import type { ChatSession, UpdateSessionRequest } from '@llmchat/protocol/api/chat-schema'
import { Suspense, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { deleteSession, updateSession } from '../../../shared/api/sessions.ts'
import { toErrorText } from '../../../shared/i18n/error-text.ts'
import { useText } from '../../../shared/i18n/use-text.ts'
import { showToast } from '../../../shared/ui/toast-store.ts'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { DeleteDialog, RenameDialog } from './lazy-dialogs.ts'
import { SessionActsContext } from './session-acts.ts'
import type { SessionActs } from './session-acts.ts'
import type { SessionList } from './session-list.ts'

interface SessionActsProviderProps {
  list: SessionList
  /** The chat on the screen. */
  currentId: string | null
  children: ReactNode
}

type Question = { kind: 'rename' | 'delete'; session: ChatSession }

/** Carries out what the menus of a chat offer, and holds the dialogs they need. */
export function SessionActsProvider({ list, currentId, children }: SessionActsProviderProps) {
  const text = useText()
  const runtime = useChatRuntime()
  const [, navigate] = useLocation()
  const [question, setQuestion] = useState<Question | null>(null)

  const { acts, rename, remove } = useMemo(() => {
    const apply = (session: ChatSession) => {
      runtime.store.change(session.id, (entry) => (entry.session ? { ...entry, session } : entry))
      if (session.isArchived) list.remove(session.id)
      else list.add(session)
    }
    const save = async (before: ChatSession, change: UpdateSessionRequest, shown: Partial<ChatSession>) => {
      apply({ ...before, ...shown })
      try {
        apply(await updateSession(before.id, change))
      } catch (error) {
        apply(before)
        showToast({ kind: 'bad', text: text('chat.problem.change', { reason: toErrorText(text, error) }) })
      }
    }
    const setArchived = (session: ChatSession, isArchived: boolean) => {
      void save(session, { isArchived }, { isArchived })
      if (!isArchived) return
      const undo = () => setArchived({ ...session, isArchived: true }, false)
      const action = { label: text('common.undo'), onSelect: undo }
      showToast({ kind: 'ok', text: text('chat.archived', { title: session.title }), action })
    }
    const made: SessionActs = {
      askRename: (session) => setQuestion({ kind: 'rename', session }),
      askDelete: (session) => setQuestion({ kind: 'delete', session }),
      setPinned: (session, isPinned) => void save(session, { isPinned }, { isPinned }),
      setArchived,
    }
    return {
      acts: made,
      rename: (session: ChatSession, title: string) => void save(session, { title }, { title }),
      remove: async (session: ChatSession) => {
        list.remove(session.id)
        try {
          await deleteSession(session.id)
          runtime.forget(session.id)
          showToast({ kind: 'ok', text: text('chat.deleted', { title: session.title }) })
        } catch (error) {
          list.add(session)
          showToast({ kind: 'bad', text: text('chat.problem.change', { reason: toErrorText(text, error) }) })
        }
      },
    }
  }, [list, runtime, text])

  const close = () => setQuestion(null)
  return (
    <SessionActsContext value={acts}>
      {children}
      <Suspense fallback={null}>
        {question?.kind === 'rename' ? (
          <RenameDialog
            session={question.session}
            onClose={close}
            onRename={(title) => rename(question.session, title)}
          />
        ) : null}
        {question?.kind === 'delete' ? (
          <DeleteDialog
            session={question.session}
            onClose={close}
            onDelete={() => {
              if (question.session.id === currentId) navigate('/')
              void remove(question.session)
            }}
          />
        ) : null}
      </Suspense>
    </SessionActsContext>
  )
}
