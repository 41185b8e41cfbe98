import type { ServerResponse } from 'node:http'

export interface SsePinger {
  /** Keeps this response alive through proxies; the returned function ends it. */
  add(response: ServerResponse): () => void
  close(): void
}

/** One timer for all event streams of the process: a comment every `everyMs`. */
export function openSsePinger(everyMs: number): SsePinger {
  const responses = new Set<ServerResponse>()
  const timer = setInterval(() => {
    for (const response of responses) if (!response.writableEnded) response.write(': ping\n\n')
  }, everyMs)
  timer.unref()
  return {
    add(response) {
      responses.add(response)
      return () => {
        responses.delete(response)
      }
    },
    close: () => clearInterval(timer),
  }
}
