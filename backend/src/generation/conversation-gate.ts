/** Lets one answer at a time into each upstream conversation: two at once corrupt Dify's thread and FastGPT refuses them. */
export function createConversationGate(): <T>(
  key: string | null,
  signal: AbortSignal,
  work: () => Promise<T>,
) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>()

  return async function withConversation(key, signal, work) {
    if (key === null) return work()
    const before = tails.get(key)
    const mine = (before ? waitFor(before, signal) : Promise.resolve()).then(work)
    tails.set(key, mine)
    try {
      return await mine
    } finally {
      if (tails.get(key) === mine) tails.delete(key)
    }
  }
}

/** Resolves when the other work is over, however it ended, or when the caller is told to end. */
async function waitFor(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await Promise.race([
    work.then(
      () => undefined,
      () => undefined,
    ),
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  ])
}
