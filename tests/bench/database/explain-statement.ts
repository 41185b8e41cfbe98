import type pg from 'pg'

export interface Explained {
  ms: number
  planningMs: number
  /** Pages of 8 KB that were touched, in memory or not. */
  blocks: number
  indexes: string[]
  /** Tables read from end to end. */
  scanned: string[]
}

interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  Plans?: PlanNode[]
}

interface PlanReport {
  Plan: PlanNode
  'Planning Time': number
  'Execution Time': number
}

function listNodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)]
}

function toDistinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort()
}

function toExplained(report: PlanReport): Explained {
  const nodes = listNodes(report.Plan)
  const scans = nodes.filter((node) => node['Node Type'] === 'Seq Scan')
  return {
    ms: report['Execution Time'],
    planningMs: report['Planning Time'],
    blocks: (report.Plan['Shared Hit Blocks'] ?? 0) + (report.Plan['Shared Read Blocks'] ?? 0),
    indexes: toDistinct(nodes.map((node) => node['Index Name'])),
    scanned: toDistinct(scans.map((node) => node['Relation Name'])),
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TypeError('not a value that our statements have')
}

/** As text of unknown type, which EXECUTE turns into the parameter's. */
function toSqlLiteral(client: pg.Client, value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (value instanceof Date) return client.escapeLiteral(value.toISOString())
  if (!Array.isArray(value)) return client.escapeLiteral(toText(value))
  const items = value.map((item) => `"${toText(item).replace(/["\\]/g, '\\$&')}"`)
  return client.escapeLiteral(`{${items.join(',')}}`)
}

/** PostgreSQL plans a named statement's first five runs for their values, and may then settle on one plan for all. */
const RUNS_UNTIL_SETTLED = 6

export interface Recorded {
  text: string
  values: readonly unknown[]
}

/**
 * EXPLAIN (ANALYZE, BUFFERS) of a statement as the server would run it: prepared, and (`isSettled`) after the runs in
 * which its plan settles. What it writes is rolled back.
 */
export async function explainStatement(
  client: pg.Client,
  recorded: Recorded,
  { isSettled }: { isSettled: boolean },
): Promise<Explained> {
  const values = recorded.values.map((value) => toSqlLiteral(client, value))
  const execute = `EXECUTE measured${values.length === 0 ? '' : `(${values.join(', ')})`}`
  await client.query(`PREPARE measured AS ${recorded.text}`)
  try {
    for (let run = 0; isSettled && run < RUNS_UNTIL_SETTLED; run += 1) {
      await client.query(`BEGIN; ${execute}; ROLLBACK`)
    }
    await client.query('BEGIN')
    const result = await client.query<{ 'QUERY PLAN': [PlanReport] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${execute}`,
    )
    const [row] = result.rows
    if (row === undefined) throw new Error('EXPLAIN gave no plan')
    return toExplained(row['QUERY PLAN'][0])
  } finally {
    await client.query('ROLLBACK')
    await client.query('DEALLOCATE measured')
  }
}
