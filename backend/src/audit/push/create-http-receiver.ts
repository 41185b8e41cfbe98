import { AppError } from '../../base/app-error.ts'
import type { OutboundClient } from '../../outbound/outbound-client.ts'
import { sendLimitMs, type AuditReceiver } from './receiver.ts'

const maxReplyBytes = 4096

/** A POST of JSON lines, one entry each; any 2xx says that they are kept. Private addresses must be allowed by name. */
export function createHttpReceiver(
  deps: { outbound: Pick<OutboundClient, 'send'> },
  { url, token }: { url: string; token: string | null },
): AuditReceiver {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
  return {
    name: 'http',
    async send(entries) {
      const body = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
      const headers = { 'content-type': 'application/x-ndjson', ...authorization }
      const { status } = await deps.outbound.send(
        { method: 'POST', url, headers, body },
        { totalMs: sendLimitMs, maxBytes: maxReplyBytes },
      )
      if (status < 200 || status > 299)
        throw new AppError('internal', { message: `The receiver of the audit log answered ${status}.` })
    },
  }
}
