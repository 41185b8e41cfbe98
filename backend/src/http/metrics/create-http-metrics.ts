import { Counter, Histogram, type Registry } from 'prom-client'

export interface ObservedRequest {
  method: string
  /** The route's pattern. */
  route: string
  status: number
  durationMs: number
  /** A stream lasts as long as its answer: counted, but not among the latencies. */
  isStream: boolean
}

export interface HttpMetrics {
  observe(request: ObservedRequest): void
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = new Counter({
    name: 'llmchat_http_requests_total',
    help: 'Finished HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'llmchat_http_request_seconds',
    help: 'Time from the request to the end of its reply, streams left out.',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  return {
    observe({ method, route, status, durationMs, isStream }) {
      requests.inc({ method, route, status })
      if (!isStream) seconds.observe({ method, route }, durationMs / 1000)
    },
  }
}
