import type { QuotaMeasure, QuotaPeriod, QuotaScope } from '@llmchat/protocol/api/quota-schema'
import type { StatementAddition } from '../db/statement-addition.ts'
import type { Statement } from '../db/statement.ts'
import { toCostSql, toDueSql, toSubjectSql, toWindowSql } from './quota-sql.ts'
import type { WindowKeys } from './quota-windows.ts'

/** What one quota said to one message. */
export interface Verdict {
  quotaId: string
  scope: QuotaScope
  name: string | null
  measure: QuotaMeasure
  period: QuotaPeriod
  softLimit: number | null
  hardLimit: number
  windowKey: string
  subjectId: string
  /** What this message would take. */
  amount: number
  /** With what is reserved, without this message. */
  used: number
  /** False: its count has no row yet. */
  isPrepared: boolean
  isRefused: boolean
  /** It takes the count past the soft limit, the first in this window to do so. */
  isWarning: boolean
}

const byKey = (left: string, right: string): string =>
  ['quota_id', 'window_key', 'subject_id'].map((column) => `${left}.${column} = ${right}.${column}`).join(' AND ')

/**
 * Reserves in the statement that accepts a message: all quotas that apply, or none and no message. Their counts are locked
 * first, and in one order, so that two messages never wait for each other; a locked count is read as it is then, not as it
 * was when the statement began, so that of two that want the last place one gets it.
 */
export function toReservation(keys: WindowKeys, tokens: { input: number; output: number }): StatementAddition {
  return {
    name: 'within-quotas',
    values: [keys.day, keys.month, tokens.input, tokens.output],
    toParts({ userId, agentId, generationId, nextParameter: next, written }) {
      const [day, month] = [`$${next}::text`, `$${next + 1}::text`]
      const [input, output] = [`$${next + 2}::bigint`, `$${next + 3}::bigint`]
      return {
        first: `
          quota_due AS (
            SELECT q.id AS quota_id, q.scope, q.measure, q.period, q.soft_limit, q.hard_limit,
              coalesce(g.name, a.name) AS name, ${toSubjectSql(userId)} AS subject_id,
              ${toWindowSql(day, month)} AS window_key,
              CASE q.measure WHEN 'tokens' THEN ${input} + ${output} WHEN 'money' THEN ${toCostSql(input, output)}
                ELSE 1 END AS amount
            FROM quotas q
              LEFT JOIN groups g ON g.id = q.group_id
              LEFT JOIN agent_configs a ON a.id = q.agent_id
              LEFT JOIN agent_prices p ON p.agent_id = ${agentId}
            WHERE ${toDueSql(userId, agentId)}
          ), quota_locked AS (
            SELECT u.quota_id, u.window_key, u.subject_id, u.used + u.reserved AS used, u.is_warned
            FROM quota_usage u JOIN quota_due d ON ${byKey('u', 'd')}
            ORDER BY u.quota_id, u.window_key, u.subject_id FOR UPDATE OF u
          ), quota_verdict AS (
            SELECT d.*, coalesce(l.used, 0) AS used, l.quota_id IS NOT NULL AS is_prepared,
              coalesce(l.used, 0) + d.amount > d.hard_limit AS is_refused,
              coalesce(NOT l.is_warned AND l.used + d.amount >= d.soft_limit, false) AS is_warning
            FROM quota_due d LEFT JOIN quota_locked l ON ${byKey('l', 'd')}
          ), gate AS (
            SELECT WHERE NOT EXISTS (SELECT FROM quota_verdict WHERE is_refused OR NOT is_prepared)
          ), `,
        last: `, quota_taken AS (
            UPDATE quota_usage u SET reserved = u.reserved + v.amount, is_warned = u.is_warned OR v.is_warning
            FROM quota_verdict v, ${written} WHERE ${byKey('u', 'v')}
          ), quota_kept AS (
            INSERT INTO quota_reservations (generation_id, quota_id, window_key, subject_id, measure, amount)
            SELECT ${generationId}, v.quota_id, v.window_key, v.subject_id, v.measure, v.amount
            FROM quota_verdict v, ${written}
          )`,
        report: `(SELECT json_agg(json_build_object('quotaId', quota_id, 'scope', scope, 'name', name,
            'measure', measure, 'period', period, 'softLimit', soft_limit, 'hardLimit', hard_limit,
            'windowKey', window_key, 'subjectId', subject_id, 'amount', amount, 'used', used,
            'isPrepared', is_prepared, 'isRefused', is_refused, 'isWarning', is_warning)) FROM quota_verdict)`,
      }
    },
  }
}

/** Makes the rows that counts begin with: a statement can lock no row that it makes itself. */
export const prepareStatement: Statement = {
  name: 'quota-prepare',
  text: `
    INSERT INTO quota_usage (quota_id, window_key, subject_id)
    SELECT q.id, k.window_key, k.subject_id
    FROM unnest($1::text[], $2::text[], $3::text[]) AS k (quota_id, window_key, subject_id) JOIN quotas q ON q.id = k.quota_id
    ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING`,
}
