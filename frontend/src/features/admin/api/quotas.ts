import type {
  AgentPrice,
  AgentPriceList,
  CreateQuotaRequest,
  Quota,
  QuotaLimits,
  QuotaList,
  UsageQuery,
  UsageReport,
} from '@llmchat/protocol/api/quota-schema'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'
import { toQuery } from './users.ts'

export const quotasQuery = queryOptions({
  queryKey: ['admin', 'quotas'],
  queryFn: ({ signal }) => requestJson<QuotaList>('/api/admin/quotas', { signal }),
})

export const pricesQuery = queryOptions({
  queryKey: ['admin', 'agent-prices'],
  queryFn: ({ signal }) => requestJson<AgentPriceList>('/api/admin/agent-prices', { signal }),
})

const spanMs = 30 * 24 * 3_600_000

/** Of the last 30 days. */
export const usageQuery = (by: UsageQuery['by']) =>
  queryOptions({
    queryKey: ['admin', 'usage', by],
    queryFn: ({ signal }) => {
      const nowMs = Date.now()
      // Whoever has just been answered is in it.
      const until = new Date(nowMs + 60_000).toISOString()
      const query = toQuery({ by, from: new Date(nowMs - spanMs).toISOString(), until })
      return requestJson<UsageReport>(`/api/admin/usage?${query}`, { signal })
    },
    placeholderData: keepPreviousData,
  })

/** Throws `conflict` where there is one of its kind already. */
export function createQuota(body: CreateQuotaRequest): Promise<Quota> {
  return requestJson('/api/admin/quotas', { method: 'POST', body })
}

export function changeLimits(id: string, body: QuotaLimits): Promise<Quota> {
  return requestJson(`/api/admin/quotas/${encodeURIComponent(id)}`, { method: 'PUT', body })
}

export function deleteQuota(id: string): Promise<void> {
  return requestJson(`/api/admin/quotas/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/** Null: it costs nothing. */
export function setPrice(agentId: string, price: AgentPrice | null): Promise<void> {
  const path = `/api/admin/agents/${encodeURIComponent(agentId)}/price`
  return requestJson(path, price ? { method: 'PUT', body: price } : { method: 'DELETE' })
}
