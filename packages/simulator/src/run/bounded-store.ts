export interface BoundedStore<Value> {
  find(id: string): Value | null
  set(id: string, value: Value): void
  delete(id: string): void
  list(): Value[]
  clear(): void
}

/** A store that forgets the oldest entry when it is full, so that a long load run does not fill the memory. */
export function createBoundedStore<Value>(capacity: number): BoundedStore<Value> {
  const entries = new Map<string, Value>()
  return {
    find: (id) => entries.get(id) ?? null,
    set(id, value) {
      entries.set(id, value)
      if (entries.size <= capacity) return
      const oldest = entries.keys().next()
      if (!oldest.done) entries.delete(oldest.value)
    },
    delete(id) {
      entries.delete(id)
    },
    list: () => [...entries.values()],
    clear() {
      entries.clear()
    },
  }
}
