import type { HealthCheck } from '@llmchat/protocol/api/health-schema'
import type { PushState } from '../../audit/push/push-repository.ts'
import type { Clock } from '../../base/clock.ts'
import type { Database } from '../../db/database.ts'
import type { AgentRouteDeps } from '../routes/agent-routes.ts'

const pingTimeoutMs = 1000

/** Statements that wait this long mean that the one embedded connection is the bottleneck. */
const slowQueueMs = 2000

export interface HealthCheckDeps extends AgentRouteDeps {
  clock: Clock
  database: Database
  /** Null: the audit log is pushed nowhere. */
  listAuditPushes: (() => Promise<PushState[]>) | null
  /** Throws where files cannot be kept. */
  checkFileStore: () => Promise<void>
}

/** All at once: a slow one must not make the others look slow. */
export function runHealthChecks(deps: HealthCheckDeps): Promise<HealthCheck[]> {
  const { listAuditPushes } = deps
  return Promise.all([
    measure('database', deps.clock, () => checkDatabase(deps.database)),
    measure('agents', deps.clock, () => checkAgents(deps)),
    measure('file store', deps.clock, () => deps.checkFileStore().then((): Finding => ({ status: 'ok' }))),
    ...(listAuditPushes ? [measure('audit push', deps.clock, () => checkAuditPush(listAuditPushes))] : []),
  ])
}

/** Agents or the file store being down is not the platform being down. */
export function toOverallStatus(checks: readonly HealthCheck[]): HealthCheck['status'] {
  if (checks.some((check) => check.name === 'database' && check.status === 'down')) return 'down'
  return checks.every((check) => check.status === 'ok') ? 'ok' : 'degraded'
}

type Finding = Pick<HealthCheck, 'status' | 'details'>

async function measure(name: string, clock: Clock, check: () => Promise<Finding>): Promise<HealthCheck> {
  const startedMs = clock.monotonicMs()
  // A check that throws has found out that something is down.
  const finding = await check().catch((): Finding => ({ status: 'down' }))
  return { name, durationMs: Math.round(clock.monotonicMs() - startedMs), ...finding }
}

async function checkDatabase(database: Database): Promise<Finding> {
  const isReachable = await database.ping(pingTimeoutMs)
  const queueAgeMs = Math.round(database.queueAgeMs())
  if (!isReachable) return { status: 'down', details: { queueAgeMs } }
  return { status: queueAgeMs > slowQueueMs ? 'degraded' : 'ok', details: { queueAgeMs } }
}

async function checkAgents(deps: AgentRouteDeps): Promise<Finding> {
  const active = (await deps.listAgents()).filter((agent) => agent.isActive)
  const agents = active.map((agent) => ({ id: agent.id, ...deps.findAgentHealth(agent.id) }))
  const isAnyDown = agents.some((agent) => agent.health === 'down')
  return { status: isAnyDown ? 'degraded' : 'ok', details: { agents } }
}

async function checkAuditPush(listAuditPushes: () => Promise<PushState[]>): Promise<Finding> {
  const receivers = await listAuditPushes()
  const isFailing = receivers.some(({ failedSince }) => failedSince !== null)
  return { status: isFailing ? 'degraded' : 'ok', details: { receivers } }
}
