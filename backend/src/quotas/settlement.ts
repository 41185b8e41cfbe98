import type { Statement } from '../db/statement.ts'
import { toCostSql } from './quota-sql.ts'

const isSame = `u.quota_id = r.quota_id AND u.window_key = r.window_key AND u.subject_id = r.subject_id`

/**
 * Settles in the statement that commits an answer's end: takes its reservations out and books what it used, exactly once,
 * because the end is committed once. The statement has a CTE `generation` with the row that ended. An answer that failed
 * used nothing: not one word of it was shown. Whatever else the statement locks must come after `quota_locked`, as it does
 * where messages are accepted.
 */
export const settlementSql = `
  quota_end AS (
    SELECT g.id, g.user_id, g.agent_id, coalesce((g.usage->>'inputTokens')::bigint, 0) AS input_tokens,
      coalesce((g.usage->>'outputTokens')::bigint, 0) AS output_tokens,
      coalesce((g.usage->>'isEstimated')::boolean, true) AS is_estimated,
      ${toCostSql(`coalesce(g.usage->>'inputTokens', '0')`, `coalesce(g.usage->>'outputTokens', '0')`)} AS cost_micros
    FROM generation g LEFT JOIN agent_prices p ON p.agent_id = g.agent_id
    WHERE g.status <> 'failed'
  ), usage_record AS (
    INSERT INTO usage_records (generation_id, user_id, agent_id, input_tokens, output_tokens, cost_micros, is_estimated)
    SELECT id, user_id, agent_id, input_tokens, output_tokens, cost_micros, is_estimated FROM quota_end
  ), quota_reservation AS (
    DELETE FROM quota_reservations r USING generation g WHERE r.generation_id = g.id
    RETURNING r.quota_id, r.window_key, r.subject_id, r.measure, r.amount
  ), quota_locked AS (
    SELECT r.* FROM quota_usage u JOIN quota_reservation r ON ${isSame}
    ORDER BY u.quota_id, u.window_key, u.subject_id FOR UPDATE OF u
  ), quota_settled AS (
    UPDATE quota_usage u SET reserved = u.reserved - r.amount,
      used = u.used + coalesce(CASE r.measure WHEN 'messages' THEN 1 WHEN 'tokens' THEN e.input_tokens + e.output_tokens
        WHEN 'money' THEN e.cost_micros ELSE 0 END * (e.id IS NOT NULL)::int, 0)
    FROM quota_locked r LEFT JOIN quota_end e ON true WHERE ${isSame}
  )`

/**
 * What nobody will settle: reservations of answers that were deleted while they ran, or that an instance of an older
 * version ended. They are booked as used, or deleting a chat in time would make its answer free.
 */
export const sweepStatement: Statement = {
  name: 'quota-sweep',
  text: `
    WITH orphan AS (
      DELETE FROM quota_reservations o
      WHERE NOT EXISTS (SELECT FROM generations g WHERE g.id = o.generation_id AND g.status = 'running')
      RETURNING quota_id, window_key, subject_id, measure, amount
    ), summed AS (
      SELECT quota_id, window_key, subject_id, sum(amount)::bigint AS amount,
        sum(CASE WHEN measure = 'running' THEN 0 ELSE amount END)::bigint AS used
      FROM orphan GROUP BY 1, 2, 3
    ), locked AS (
      SELECT r.* FROM quota_usage u JOIN summed r ON ${isSame}
      ORDER BY u.quota_id, u.window_key, u.subject_id FOR UPDATE OF u
    ), settled AS (
      UPDATE quota_usage u SET reserved = u.reserved - r.amount, used = u.used + r.used FROM locked r WHERE ${isSame}
    )
    SELECT count(*)::int AS swept FROM orphan`,
}

/** Counts of windows that ended long ago; what was used then is in `usage_records`. */
export const forgetStatement: Statement = {
  name: 'quota-forget',
  text: `DELETE FROM quota_usage WHERE window_key <> 'now' AND created_at < now() - interval '62 days'`,
}
