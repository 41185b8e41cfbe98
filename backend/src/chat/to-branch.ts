interface TreeMessage {
  id: string
  parentId: string | null
}

/** The messages from the root to `leafId`, oldest first; without a leaf, to the newest message. Pure. */
export function toBranch<T extends TreeMessage>(messages: readonly T[], leafId: string | null): T[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const branch: T[] = []
  let current = (leafId === null ? undefined : byId.get(leafId)) ?? messages.at(-1)
  while (current) {
    branch.push(current)
    // Taken out once seen: a circle in the data ends the walk.
    byId.delete(current.id)
    current = current.parentId === null ? undefined : byId.get(current.parentId)
  }
  return branch.reverse()
}
