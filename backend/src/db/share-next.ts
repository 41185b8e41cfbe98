/**
 * Calls `ask` at most once at a time. Callers that come while one is under way share the next one: what they get was
 * asked after they came, never before.
 */
export function shareNext<T>(ask: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | null = null
  let underWay: Promise<unknown> = Promise.resolve()
  return () => {
    next ??= underWay.then(() => {
      next = null
      const asked = ask()
      underWay = asked.catch(() => undefined)
      return asked
    })
    return next
  }
}
