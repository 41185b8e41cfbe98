import { Counter, Histogram, type Registry } from 'prom-client'

/** Slow statements by name; how slow, for all of them together. */
export function createDatabaseMetrics(registry: Registry): {
  recordSlow: (slow: { statement: string; durationMs: number }) => void
} {
  const slow = new Counter({
    name: 'llmchat_database_slow_statements_total',
    help: 'Database statements that took longer than DATABASE_SLOW_STATEMENT_MS, by name.',
    labelNames: ['statement'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'llmchat_database_slow_statement_seconds',
    help: 'How long slow database statements took, the wait for a connection included.',
    buckets: [0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  })
  return {
    recordSlow({ statement, durationMs }) {
      slow.inc({ statement })
      seconds.observe(durationMs / 1000)
    },
  }
}
