import type { Quota, QuotaUse } from '@llmchat/protocol/api/quota-schema'
import { sql, type Kysely } from 'kysely'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import type { Statement } from '../db/statement.ts'
import { toDueSql, toSubjectSql, toWindowSql } from './quota-sql.ts'
import type { WindowKeys } from './quota-windows.ts'
import { toQuotaUse, type QuotaPlace } from './to-refusal.ts'
import type { Verdict } from './reservation.ts'

const mineStatement: Statement = {
  name: 'quota-mine',
  text: `
    SELECT q.scope, q.measure, q.period, q.soft_limit AS "softLimit", q.hard_limit AS "hardLimit", g.name,
      coalesce(u.used + u.reserved, 0) AS used
    FROM quotas q
      LEFT JOIN groups g ON g.id = q.group_id
      LEFT JOIN quota_usage u ON u.quota_id = q.id AND u.subject_id = ${toSubjectSql('$1')}
        AND u.window_key = ${toWindowSql('$2', '$3')}
    WHERE ${toDueSql('$1', 'NULL')}
    ORDER BY q.measure, q.period, q.scope, q.id LIMIT 200`,
}

/** The quotas that limit a person whatever agent they ask. */
export async function listMyQuotas(
  deps: { database: Database } & QuotaPlace,
  userId: string,
  nowMs: number,
): Promise<QuotaUse[]> {
  const { day, month } = deps.windows.toKeys(nowMs)
  type Row = Omit<Verdict, 'quotaId' | 'amount' | 'isPrepared' | 'isRefused' | 'isWarning'>
  const rows = await deps.database.query<Row>(mineStatement, [userId, day, month])
  return rows.map((row) => toQuotaUse(row, deps, { nowMs, extra: 0 }))
}

const maxListed = 2000

/** All of them, or one; whom they are for, and how far they are used. */
export async function listQuotas(
  kysely: Kysely<DatabaseSchema>,
  keys: WindowKeys,
  quotaId: string | null,
): Promise<Quota[]> {
  type Row = Omit<Quota, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date }
  const result = await sql<Row>`
    SELECT q.id, q.scope, coalesce(q.user_id, q.group_id, q.agent_id) AS "subjectId",
      coalesce(p.name, g.name, a.name) AS "subjectName", q.measure, q.period, q.soft_limit AS "softLimit",
      q.hard_limit AS "hardLimit", q.created_at AS "createdAt", q.updated_at AS "updatedAt",
      coalesce((SELECT max(u.used + u.reserved) FROM quota_usage u WHERE u.quota_id = q.id
        AND u.window_key = CASE q.period WHEN 'day' THEN ${keys.day} WHEN 'month' THEN ${keys.month} ELSE 'now' END), 0) AS used
    FROM quotas q
      LEFT JOIN users p ON p.id = q.user_id
      LEFT JOIN groups g ON g.id = q.group_id
      LEFT JOIN agent_configs a ON a.id = q.agent_id
    WHERE ${quotaId}::text IS NULL OR q.id = ${quotaId}
    ORDER BY q.scope, "subjectName", q.measure, q.period LIMIT ${maxListed}`.execute(kysely)
  return result.rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
}
