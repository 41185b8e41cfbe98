import { errorCatalogue } from '@llmchat/protocol/error-code'
import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'

/** Server state of one document. Reads are repeated twice where repeating can help; writes never by themselves. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30_000, retry: (count, error) => count < 2 && isRetryable(error) },
      // Offline, a write fails at once and says so; the composer's outbox is what waits for the network.
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

/** True when the same request may succeed later. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.code === 'network' || errorCatalogue[error.code].isRetryable
}
