import { Gauge, type Registry } from 'prom-client'
import type { AuditPush } from '../../audit/push/open-audit-push.ts'

/** What the receivers of the audit log have not taken yet. */
export function createAuditPushMetrics(registry: Registry, push: Pick<AuditPush, 'listStates'>): void {
  new Gauge({
    name: 'llmchat_audit_push_waiting',
    help: 'Entries of the audit log that a receiver has not taken yet.',
    labelNames: ['receiver'],
    registers: [registry],
    async collect() {
      const states = await push.listStates().catch(() => null)
      this.reset()
      for (const { receiver, waiting } of states ?? []) this.set({ receiver }, waiting)
    },
  })
}
