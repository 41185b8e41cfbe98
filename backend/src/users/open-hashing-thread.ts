import { Worker } from 'node:worker_threads'
import type { HashingReply, HashingRequest } from './hashing-worker.ts'
import type { HashingEngine } from './password-hasher.ts'

interface Waiting {
  resolve(result: string | boolean): void
  reject(error: Error): void
}

type Question = HashingRequest extends infer Each ? (Each extends { id: number } ? Omit<Each, 'id'> : never) : never

/** From source the built file is used: Node can't start a thread from TypeScript. */
function toWorkerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? '../../dist/hashing-worker.js' : './hashing-worker.js', import.meta.url)
}

/** See hashing-worker. The thread starts with the first password; one that ended is followed by another. */
export function openHashingThread(): HashingEngine & { close(): Promise<void> } {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let lastId = 0

  function start(): Worker {
    const started = new Worker(toWorkerUrl())
    // Nobody is kept from ending by a thread that has nothing to do.
    started.unref()
    started.on('message', (reply: HashingReply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if ('result' in reply) asked?.resolve(reply.result)
      else asked?.reject(new Error(reply.problem))
    })
    started.on('error', (error) => end(started, error instanceof Error ? error : new Error(String(error))))
    started.on('exit', () => end(started, new Error('the hashing thread ended')))
    return started
  }

  function end(ended: Worker, error: Error): void {
    if (worker !== ended) return
    worker = null
    for (const asked of waiting.values()) asked.reject(error)
    waiting.clear()
  }

  function ask(question: Question): Promise<string | boolean> {
    const asked = (worker ??= start())
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      asked.postMessage({ ...question, id })
    })
  }

  return {
    hash: async (password, cost) => String(await ask({ password, cost })),
    verify: async (storedHash, password) => (await ask({ storedHash, password })) === true,
    async close() {
      await worker?.terminate()
    },
  }
}
