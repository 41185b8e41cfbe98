import type { UsageQuery, UsageReport } from '@llmchat/protocol/api/quota-schema'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from '../db/database.ts'

const maxRows = 500

interface Grouping {
  key: RawBuilder<unknown>
  /** Whose names the keys have; null: they have none. */
  names: 'users' | 'groups' | 'agent_configs' | null
}

function toGrouping(by: UsageQuery['by'], timeZone: string): Grouping {
  switch (by) {
    case 'user':
      return { key: sql`r.user_id`, names: 'users' }
    case 'agent':
      return { key: sql`r.agent_id`, names: 'agent_configs' }
    case 'group':
      return { key: sql`m.group_id`, names: 'groups' }
    case 'day':
      return { key: sql`to_char(r.ended_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD')`, names: null }
  }
}

/** What answers used that ended in a span of time, out of their records. */
export async function reportUsage(
  database: Database,
  query: UsageQuery,
  timeZone: string,
): Promise<UsageReport['rows']> {
  const { by, from, until, userId = null, agentId = null, groupId = null } = query
  const { key, names } = toGrouping(by, timeZone)
  const members = by === 'group' ? sql`JOIN group_members m ON m.user_id = r.user_id` : sql``
  const name =
    names === null ? sql`NULL::text` : sql`(SELECT n.name FROM ${sql.table(names)} n WHERE n.id = summed.key)`
  const result = await sql<UsageReport['rows'][number]>`
    WITH summed AS (
      SELECT ${key} AS key, count(*)::int AS messages, sum(r.input_tokens)::bigint AS input_tokens,
        sum(r.output_tokens)::bigint AS output_tokens, sum(r.cost_micros)::bigint AS cost_micros
      FROM usage_records r ${members}
      WHERE r.ended_at >= ${new Date(from)} AND r.ended_at < ${new Date(until)}
        AND (${userId}::text IS NULL OR r.user_id = ${userId})
        AND (${agentId}::text IS NULL OR r.agent_id = ${agentId})
        AND (${groupId}::text IS NULL OR r.user_id IN (SELECT user_id FROM group_members WHERE group_id = ${groupId}))
      GROUP BY 1
    )
    SELECT key, ${name} AS name, messages, input_tokens AS "inputTokens", output_tokens AS "outputTokens",
      cost_micros AS "costMicros"
    FROM summed
    ORDER BY ${by === 'day' ? sql`key` : sql`input_tokens + output_tokens DESC, key`} LIMIT ${maxRows}`.execute(
    database.kysely,
  )
  return result.rows
}
