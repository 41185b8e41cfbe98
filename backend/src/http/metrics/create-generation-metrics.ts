import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { Delivery } from '@llmchat/protocol/chat-event'

/** The ledger in figures: accepted = complete + stopped + interrupted + failed + running. */
export function createGenerationMetrics(
  registry: Registry,
  countRunning: () => number,
): { record: (provider: ProviderName, delivery: Delivery, firstContentMs: number | null) => void } {
  const ended = new Counter({
    name: 'llmchat_generations_ended_total',
    help: 'Answers that ended on this instance, by how.',
    labelNames: ['provider', 'state'],
    registers: [registry],
  })
  const firstContent = new Histogram({
    name: 'llmchat_first_content_seconds',
    help: 'From accepting a message to the first content of its answer.',
    labelNames: ['provider'],
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers: [registry],
  })
  new Gauge({
    name: 'llmchat_generations_running',
    help: 'Answers being made by this instance now.',
    registers: [registry],
    collect() {
      this.set(countRunning())
    },
  })
  return {
    record(provider, delivery, firstContentMs) {
      ended.inc({ provider, state: delivery.state })
      if (firstContentMs !== null) firstContent.observe({ provider }, firstContentMs / 1000)
    },
  }
}
