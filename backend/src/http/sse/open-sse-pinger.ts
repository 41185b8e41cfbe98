import type { ServerResponse } from 'node:http'

export interface SsePinger {
  /** Keeps this response alive through proxies; the returned function ends it. `isResumable`: its client comes back. */
  add(response: ServerResponse, options: { isResumable: boolean }): () => void
  /** Ends the streams of clients that come back by themselves, and tells them when to; the others stay. */
  moveResumable(): void
  close(): void
}

/** Spread, so that those who are moved do not all come back in the same moment. */
const minRetryMs = 20
const maxRetryMs = 400

/** One timer for all event streams of the process: a comment every `everyMs`. */
export function openSsePinger(everyMs: number): SsePinger {
  const responses = new Map<ServerResponse, { isResumable: boolean }>()
  const timer = setInterval(() => {
    for (const response of responses.keys()) if (!response.writableEnded) response.write(': ping\n\n')
  }, everyMs)
  timer.unref()
  return {
    add(response, options) {
      responses.set(response, options)
      return () => {
        responses.delete(response)
      }
    },
    moveResumable() {
      for (const [response, { isResumable }] of responses) {
        if (!isResumable || response.writableEnded) continue
        const retryMs = Math.round(minRetryMs + Math.random() * (maxRetryMs - minRetryMs))
        response.end(`retry: ${retryMs}\n\n`)
      }
    },
    close: () => clearInterval(timer),
  }
}
