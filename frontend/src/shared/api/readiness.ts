import type { Readiness } from '@llmchat/protocol/api/health-schema'
import { requestJson } from './request-json.ts'

/** How the instance that answers is. Throws `ApiError` while it takes no requests. */
export function getReadiness(): Promise<Readiness> {
  return requestJson<Readiness>('/health/ready')
}
