import { createHttpReceiver } from './audit/push/create-http-receiver.ts'
import { createSyslogReceiver } from './audit/push/create-syslog-receiver.ts'
import type { AuditReceiver } from './audit/push/receiver.ts'
import type { Config } from './config/config.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'

/** Where the audit log is pushed to; empty: nowhere. */
export function createReceivers(
  { http, syslog }: Config['auditPush'],
  deps: { outbound: Pick<OutboundClient, 'send'> },
): AuditReceiver[] {
  return [
    ...(http === null ? [] : [createHttpReceiver(deps, http)]),
    ...(syslog === null ? [] : [createSyslogReceiver(syslog)]),
  ]
}
