import type { Registry } from 'prom-client'
import type { HttpApp } from '../app-types.ts'
import { requireOperator, type OperatorDeps } from '../policies/is-operator.ts'

export function addMetricsRoute(app: HttpApp, deps: OperatorDeps & { metricsRegistry: Registry }): void {
  const config = { policy: requireOperator(deps) }
  const schema = { summary: 'Figures for Prometheus, for operators only' }
  app.get('/metrics', { config, schema }, async (_request, reply) =>
    reply.type(deps.metricsRegistry.contentType).send(await deps.metricsRegistry.metrics()),
  )
}
