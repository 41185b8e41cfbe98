import type { DetailedHealth } from '@llmchat/protocol/api/health-schema'
import type { Instance } from '@llmchat/protocol/api/instance-schema'
import { queryOptions } from '@tanstack/react-query'
import { requestJson } from '../../../shared/api/request-json.ts'

const everyMs = 5_000

export const instancesQuery = queryOptions({
  queryKey: ['admin', 'instances'],
  queryFn: async ({ signal }) =>
    (await requestJson<{ instances: Instance[] }>('/api/admin/instances', { signal })).instances,
  refetchInterval: everyMs,
})

/** Of the instance that answers. Checks only for administrators and operators. */
export const healthQuery = queryOptions({
  queryKey: ['admin', 'health'],
  queryFn: ({ signal }) => requestJson<DetailedHealth>('/health/detailed', { signal }),
  refetchInterval: everyMs,
})

/** Throws `instance_not_found`. It obeys at its next beat. */
export function setDraining(instanceId: string, isDraining: boolean): Promise<void> {
  const path = `/api/admin/instances/${encodeURIComponent(instanceId)}/drain`
  return requestJson(path, { method: 'PUT', body: { isDraining } })
}
