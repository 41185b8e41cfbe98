/** SQL that more than one statement needs. */

/** What so many tokens cost, in millionths of the currency, rounded up; without a price nothing. `p`: agent_prices. */
export function toCostSql(inputTokens: string, outputTokens: string): string {
  return `coalesce(ceil((${inputTokens}::numeric * p.input_micros + ${outputTokens}::numeric * p.output_micros) / 1000000), 0)::bigint`
}

/**
 * Whether quota `q` limits this person, asking this agent. A person's own quota stands in for the ones that give
 * everybody a count of their own; what many share counts in any case.
 */
export function toDueSql(userId: string, agentId: string): string {
  return `(q.scope = 'everyone' OR q.user_id = ${userId} OR q.agent_id = ${agentId}
      OR q.group_id IN (SELECT group_id FROM group_members WHERE user_id = ${userId}))
    AND NOT (q.scope IN ('everyone', 'group-member') AND EXISTS (SELECT FROM quotas own
      WHERE own.user_id = ${userId} AND own.measure = q.measure AND own.period = q.period))`
}

/** Whose count it is. */
export function toSubjectSql(userId: string): string {
  return `CASE WHEN q.scope IN ('everyone', 'group-member') THEN ${userId} ELSE '' END`
}

export function toWindowSql(dayKey: string, monthKey: string): string {
  return `CASE q.period WHEN 'day' THEN ${dayKey} WHEN 'month' THEN ${monthKey} ELSE 'now' END`
}
