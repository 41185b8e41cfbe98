import {
  AuditPageSchema,
  ExportAuditQuerySchema,
  ListAuditQuerySchema,
  type AuditEntry,
} from '@llmchat/protocol/api/audit-schema'
import { Readable } from 'node:stream'
import { csvHead, toCsv } from '../../../audit/to-csv.ts'
import type { HttpApp } from '../../app-types.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import { mayReadAudit } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

type AuditRouteDeps = Pick<Administration, 'audit'> & { acts: ActWriter }

const contentTypes = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const

export function addAuditRoutes(app: HttpApp, deps: AuditRouteDeps): void {
  app.get(
    '/api/admin/audit-logs',
    {
      config: { policy: mayReadAudit },
      schema: {
        summary: 'Read the audit log, the newest first',
        querystring: ListAuditQuerySchema,
        response: { 200: AuditPageSchema },
      },
    },
    (request) => deps.audit.list(request.query),
  )

  app.get(
    '/api/admin/audit-logs/export',
    {
      config: { policy: mayReadAudit },
      schema: {
        summary: 'Download the audit log as CSV or JSON, the oldest first',
        querystring: ExportAuditQuerySchema,
      },
    },
    async (request, reply) => {
      const { format, ...filter } = request.query
      // A HEAD downloads nothing, and is written down all the same: it looks like one.
      await deps.acts.record(request, { action: 'audit.exported', details: { format, ...filter } })
      const pages = deps.audit.read(filter)
      return reply
        .header('content-disposition', `attachment; filename="audit-log.${format}"`)
        .type(contentTypes[format])
        .send(Readable.from(format === 'csv' ? toCsvText(pages) : toJsonText(pages)))
    },
  )
}

async function* toCsvText(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield csvHead
  for await (const page of pages) yield toCsv(page)
}

/** One array, an entry a line. */
async function* toJsonText(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const page of pages) {
    for (const entry of page) {
      yield before + JSON.stringify(entry)
      before = ',\n'
    }
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}
