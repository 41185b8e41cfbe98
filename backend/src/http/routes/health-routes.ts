import { DetailedHealthSchema, HealthSchema, ReadinessSchema } from '@llmchat/protocol/api/health-schema'
import Type from 'typebox'
import type { HttpApp } from '../app-types.ts'
import { runHealthChecks, toOverallStatus, type HealthCheckDeps } from '../health/run-health-checks.ts'
import { anyone } from '../policies/anyone.ts'
import { isOperator, type OperatorDeps } from '../policies/is-operator.ts'
import type { DrainState } from '../plugins/refuse-while-draining.ts'

const pingTimeoutMs = 1000
const security: [] = []
/** Probes come without credentials; details are a matter of their own, see isOperator. */
const config = { policy: anyone }
const LiveSchema = Type.Object({ status: Type.Literal('ok') })
const StartupSchema = Type.Object({ isStarted: Type.Boolean() })

export interface HealthRouteDeps extends HealthCheckDeps, OperatorDeps {
  drain: DrainState
  instanceId(): string
  version: string
  isMigrated(): boolean
  /** Redis is away. */
  isDegraded(): boolean
  /** Everything is wired and recovered: the instance may be asked for readiness. */
  isStarted(): boolean
}

export function addHealthRoutes(app: HttpApp, deps: HealthRouteDeps): void {
  app.get(
    '/health',
    { config, schema: { security, summary: 'Is it well?', response: { '2xx': HealthSchema, 503: HealthSchema } } },
    async (_request, reply) => {
      const status = toOverallStatus(await runHealthChecks(deps))
      return reply.code(status === 'down' ? 503 : 200).send({ status, version: deps.version })
    },
  )

  app.get(
    '/health/live',
    { config, schema: { security, summary: 'The event loop turns', response: { 200: LiveSchema } } },
    () => ({ status: 'ok' as const }),
  )

  app.get(
    '/health/ready',
    {
      config,
      schema: {
        security,
        summary: 'It may be sent requests',
        response: { 200: ReadinessSchema, 503: ReadinessSchema },
      },
    },
    async (_request, reply) => {
      const checks = {
        database: await deps.database.ping(pingTimeoutMs),
        migrations: deps.isMigrated(),
        draining: deps.drain.isDraining(),
      }
      const isReady = checks.database && checks.migrations && !checks.draining
      return reply.code(isReady ? 200 : 503).send({ isReady, isDegraded: deps.isDegraded(), checks })
    },
  )

  app.get(
    '/health/startup',
    {
      config,
      schema: {
        security,
        summary: 'It has started',
        response: { 200: StartupSchema, 503: StartupSchema },
      },
    },
    async (_request, reply) => {
      const isStarted = deps.isStarted()
      return reply.code(isStarted ? 200 : 503).send({ isStarted })
    },
  )

  app.get(
    '/health/detailed',
    {
      config,
      schema: {
        summary: 'All checks; details for admins and operators only',
        response: { 200: DetailedHealthSchema, 503: DetailedHealthSchema },
      },
    },
    async (request, reply) => {
      const [checks, isTrusted] = await Promise.all([runHealthChecks(deps), isOperator(request, deps)])
      const status = toOverallStatus(checks)
      const details = isTrusted ? { checks, process: toProcessFigures(deps.instanceId()) } : {}
      return reply.code(status === 'down' ? 503 : 200).send({ status, version: deps.version, ...details })
    },
  )
}

function toProcessFigures(instanceId: string) {
  return {
    instanceId,
    uptimeMs: Math.round(process.uptime() * 1000),
    residentBytes: process.memoryUsage.rss(),
  }
}
