import type { ChatSession, ChatSessionPage } from '@llmchat/protocol/api/chat-schema'

/**
 * The list after its first page was read again. Chats further down stay as they were loaded; what belongs into the first
 * page's range and is not there any more has been deleted or archived.
 */
export function mergeRecent(known: readonly ChatSession[], page: ChatSessionPage): ChatSession[] {
  const last = page.sessions.at(-1)
  if (page.nextCursor === null || !last) return [...page.sessions]
  const ids = new Set(page.sessions.map((session) => session.id))
  return [...page.sessions, ...known.filter((session) => !ids.has(session.id) && compareOrder(last, session) < 0)]
}

/** The list with an older page behind it. */
export function mergeOlder(known: readonly ChatSession[], page: ChatSessionPage): ChatSession[] {
  const ids = new Set(known.map((session) => session.id))
  return [...known, ...page.sessions.filter((session) => !ids.has(session.id))]
}

/** The server's order: pinned first, then the newest. */
export function compareOrder(left: ChatSession, right: ChatSession): number {
  if (left.isPinned !== right.isPinned) return left.isPinned ? -1 : 1
  return Date.parse(right.updatedAt) - Date.parse(left.updatedAt) || (left.id < right.id ? 1 : -1)
}

export interface SessionGroups {
  pinned: ChatSession[]
  today: ChatSession[]
  earlier: ChatSession[]
}

/** `dayStartMs`: when today began where the reader is. */
export function groupSessions(sessions: readonly ChatSession[], dayStartMs: number): SessionGroups {
  const groups: SessionGroups = { pinned: [], today: [], earlier: [] }
  for (const session of sessions) {
    if (session.isPinned) groups.pinned.push(session)
    else if (Date.parse(session.updatedAt) >= dayStartMs) groups.today.push(session)
    else groups.earlier.push(session)
  }
  return groups
}
