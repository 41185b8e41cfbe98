import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import type { AuditKeys } from './audit-keys.ts'
import { auditRowColumns, isSameHash, toChainMac, toRowHash, type AuditRow, type ChainState } from './audit-row.ts'

export interface ChainReport {
  /** Rows looked at. */
  rows: number
  /** Sentences, the first 50; empty: nothing was changed, removed or put elsewhere. */
  problems: string[]
}

interface VerifyDeps {
  database: Database
  keys: AuditKeys
}

const PAGE = 1000
const MAX_PROBLEMS = 50
const MAX_ROUNDS = 5

const stateStatement: Statement = { name: 'audit-chain-state', text: 'SELECT * FROM audit_chain' }
const pageStatement: Statement = {
  name: 'audit-verify-page',
  text: `SELECT ${auditRowColumns} FROM audit_logs WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT ${String(PAGE)}`,
}
const beyondStatement: Statement = {
  name: 'audit-beyond-end',
  text: 'SELECT count(*)::int AS rows FROM audit_logs l, audit_chain c WHERE l.seq > c.last_seq',
}

/** What is expected of the next row of the unbroken part. */
interface Link {
  seq: number
  hash: string
}

function findBreak(row: AuditRow, link: Link): string | null {
  if (row.seq === link.seq + 2) return `Row ${String(link.seq + 1)} is missing.`
  if (row.seq > link.seq + 1) return `Rows ${String(link.seq + 1)} to ${String(row.seq - 1)} are missing.`
  if (row.previous_hash !== link.hash) return `Row ${String(row.seq)} does not follow the row before it.`
  return null
}

async function findChange(deps: VerifyDeps, row: AuditRow): Promise<string | null> {
  const key = await deps.keys.find(row.key_id)
  if (key === null) return `Row ${String(row.seq)} cannot be checked: its key was sealed with another secret.`
  return isSameHash(row.hash, toRowHash(row, key)) ? null : `Row ${String(row.seq)} was changed.`
}

async function findStateChange(deps: VerifyDeps, state: ChainState): Promise<string | null> {
  if (state.key_id === null) return state.last_seq === 0 ? null : 'The end of the chain was changed.'
  const key = await deps.keys.find(state.key_id)
  if (key === null) return 'The end of the chain cannot be checked: its key was sealed with another secret.'
  return isSameHash(state.mac, toChainMac(state, key)) ? null : 'The end of the chain was changed.'
}

async function getState(deps: VerifyDeps): Promise<ChainState> {
  const [state] = await deps.database.query<ChainState>(stateStatement, [])
  if (state === undefined) throw new Error('audit_chain has no row')
  return state
}

async function verifyOnce(deps: VerifyDeps, state: ChainState): Promise<ChainReport> {
  const report: ChainReport = { rows: 0, problems: [] }
  const note = (problem: string | null): void => {
    if (problem !== null && report.problems.length < MAX_PROBLEMS) report.problems.push(problem)
  }
  note(await findStateChange(deps, state))
  let kept = 0
  let link: Link = { seq: state.anchor_seq, hash: state.anchor_hash }
  let readSeq = 0
  for (;;) {
    const rows = await deps.database.query<AuditRow>(pageStatement, [readSeq, state.last_seq])
    if (rows.length === 0) break
    for (const row of rows) {
      note(await findChange(deps, row))
      // Before the anchor there are only rows that had to stay: each is whole, and their number is known.
      if (row.seq <= state.anchor_seq) kept += 1
      else {
        note(findBreak(row, link))
        link = { seq: row.seq, hash: row.hash }
      }
      readSeq = row.seq
    }
    report.rows += rows.length
  }
  if (kept !== state.kept_count) note(`Of ${String(state.kept_count)} rows that were kept, ${String(kept)} are there.`)
  if (link.seq !== state.last_seq) note(`Rows ${String(link.seq + 1)} to ${String(state.last_seq)} are missing.`)
  else if (link.hash !== state.last_hash) note(`Row ${String(link.seq)} is not the one the chain ended with.`)
  const [beyond] = await deps.database.query<{ rows: number }>(beyondStatement, [])
  if ((beyond?.rows ?? 0) > 0) note(`${String(beyond?.rows)} rows were put behind the end of the chain.`)
  return report
}

/**
 * Reads the whole log and says what was changed, removed or put elsewhere. Acts may be written meanwhile. Who can write to
 * the database and also has the installation's secret, or puts a whole older copy of it back, is not found out.
 */
export async function verifyChain(deps: VerifyDeps): Promise<ChainReport> {
  for (let round = 1; ; round += 1) {
    const state = await getState(deps)
    const report = await verifyOnce(deps, state)
    const after = await getState(deps)
    // Retention ran meanwhile and took away what was being read.
    if (after.anchor_seq === state.anchor_seq && after.kept_count === state.kept_count) return report
    if (round === MAX_ROUNDS) return report
  }
}
