import type { Registry } from 'prom-client'
import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'
import { isOperator, type OperatorDeps } from '../health/is-operator.ts'

export function addMetricsRoute(app: HttpApp, deps: OperatorDeps & { metricsRegistry: Registry }): void {
  app.get('/metrics', { schema: { summary: 'Figures for Prometheus, for operators only' } }, async (request, reply) => {
    if (!(await isOperator(request, deps))) throw new AppError('forbidden')
    return reply.type(deps.metricsRegistry.contentType).send(await deps.metricsRegistry.metrics())
  })
}
