import { useEffect } from 'react'
import { useLocationProperty } from 'wouter/use-browser-location'
import { useChatEntry, useChatRuntime } from '../runtime/chat-runtime-context.ts'

/**
 * Brings the message named by the address (`/chat/<id>#<message id>`, a search hit) onto the screen: its branch is shown,
 * and older pages are read until it is there.
 */
export function useMessageAnchor(sessionId: string | null, scrollTo: (messageId: string) => void): void {
  const runtime = useChatRuntime()
  const anchorId = useLocationProperty(() => decodeURIComponent(window.location.hash.slice(1)))
  const isReady = useChatEntry(sessionId, (entry) => entry.load.state === 'ready' && !entry.isLoadingOlder)
  const isLoaded = useChatEntry(sessionId, (entry) => entry.messages.has(anchorId))
  const hasOlder = useChatEntry(sessionId, (entry) => entry.olderCursor !== null)
  useEffect(() => {
    if (sessionId === null || anchorId === '' || !isReady) return
    if (!isLoaded) {
      if (hasOlder) runtime.loadOlder(sessionId)
      return
    }
    runtime.store.change(sessionId, (entry) => ({ ...entry, leafId: anchorId }))
    // After the branch has been drawn.
    const frame = requestAnimationFrame(() => scrollTo(anchorId))
    return () => cancelAnimationFrame(frame)
  }, [sessionId, anchorId, isReady, isLoaded, hasOlder, runtime, scrollTo])
}
