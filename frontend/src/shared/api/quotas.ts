import type { MyQuotas } from '@llmchat/protocol/api/quota-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from './request-json.ts'

export const myQuotasQuery = queryOptions({
  queryKey: ['me', 'quotas'],
  queryFn: ({ signal }) => requestJson<MyQuotas>('/api/me/quotas', { signal }),
  // It changes with every message.
  staleTime: 0,
})
