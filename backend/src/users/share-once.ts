/** Does `work` at the first call; later calls share what it gave. A failure is not kept. */
export function createShareOnce<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | null = null
  return () => {
    running ??= work().catch((error: unknown) => {
      running = null
      throw error
    })
    return running
  }
}
