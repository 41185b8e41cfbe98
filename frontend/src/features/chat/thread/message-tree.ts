import type { ChatMessage } from '@llmchat/protocol/api/chat-schema'

export type MessageMap = ReadonlyMap<string, ChatMessage>

/** One message of the branch on the screen, and the versions one can switch to in its place, oldest first. */
export interface BranchItem {
  message: ChatMessage
  siblingIds: readonly string[]
}

/**
 * The branch that goes through `throughId`, from the oldest loaded message to its newest descendant. An unknown id gives
 * the newest message's branch. `isOpenEnded: false` stops at `throughId` (a new version of what follows is being made).
 */
export function buildBranch(messages: MessageMap, throughId: string | null, isOpenEnded = true): BranchItem[] {
  const children = groupByParent(messages)
  const through = (throughId === null ? undefined : messages.get(throughId)) ?? findNewest(messages.values())
  if (!through) return []
  const path = listAncestors(messages, through)
  let last = through
  const known = new Set(path)
  for (;;) {
    const next = isOpenEnded ? (children.get(last.id) ?? []).at(-1) : undefined
    if (!next || known.has(next)) break
    path.push(next)
    known.add(next)
    last = next
  }
  return path.map((message) => ({
    message,
    siblingIds: (children.get(message.parentId) ?? [message]).map((sibling) => sibling.id),
  }))
}

/** The end of the newest branch under `id`: where a person lands who switches to that version. */
export function findNewestLeaf(messages: MessageMap, id: string): string {
  return buildBranch(messages, id).at(-1)?.message.id ?? id
}

function listAncestors(messages: MessageMap, from: ChatMessage): ChatMessage[] {
  const path = [from]
  const known = new Set(path)
  for (;;) {
    const parent = messages.get(path[0]?.parentId ?? '')
    if (!parent || known.has(parent)) return path
    path.unshift(parent)
    known.add(parent)
  }
}

function groupByParent(messages: MessageMap): Map<string | null, ChatMessage[]> {
  const groups = new Map<string | null, ChatMessage[]>()
  for (const message of messages.values()) {
    const group = groups.get(message.parentId)
    if (group) group.push(message)
    else groups.set(message.parentId, [message])
  }
  for (const group of groups.values()) group.sort(compareAge)
  return groups
}

function findNewest(messages: Iterable<ChatMessage>): ChatMessage | undefined {
  let newest: ChatMessage | undefined
  for (const message of messages) if (!newest || compareAge(newest, message) < 0) newest = message
  return newest
}

/** When a row made here was made: now, and after everything in the chat, whatever this device's clock says. */
export function toNextTime(messages: MessageMap, nowMs: number): string {
  const newest = findNewest(messages.values())
  return new Date(newest ? Math.max(nowMs, Date.parse(newest.createdAt) + 1) : nowMs).toISOString()
}

/** Ids break ties: the server's are time-ordered. */
function compareAge(left: ChatMessage, right: ChatMessage): number {
  return Date.parse(left.createdAt) - Date.parse(right.createdAt) || (left.id < right.id ? -1 : 1)
}
