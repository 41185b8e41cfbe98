import { setTimeout as delay } from 'node:timers/promises'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import pg from 'pg'
import type { WatchRecord } from './watch-record.ts'

/** accepted = complete + stopped + interrupted + failed + running; everything else is a violation. */
export interface Ledger {
  sent: number
  accepted: number
  complete: number
  stopped: number
  interrupted: number
  failed: number
  running: number
  /** Accepted, and not in the database. */
  lost: number
  /** One message, more than one answer or question; or an answer that no client asked for. */
  doubled: number
  /** No end: still running, its log never closed, or a watcher that was never told the end. */
  hanging: number
  /** Text that is no beginning of what the upstream said: repeated, mixed or changed. */
  wrongText: number
  /** Text a reader saw and that the stored message lacks. */
  takenBack: number
  /** Marked complete although text is missing. */
  falselyComplete: number
  /** Interrupted or failed although it could have gone on. */
  needlesslyEnded: number
  byAgent: Record<string, Record<string, number>>
  /** The first few of each kind, in words. */
  violations: string[]
}

interface StoredAnswer {
  generation_id: string
  user_message_id: string | null
  idempotency_key: string | null
  status: string
  log_closed: boolean
  body: string
  reason: string | null
  adoptions: number
}

/** Held up in the end: what the clients saw against what the database says. */
export async function closeLedger(databaseUrl: string, records: readonly WatchRecord[]): Promise<Ledger> {
  const stored = await readAnswers(databaseUrl)
  const byKey = new Map<string, StoredAnswer[]>()
  for (const one of stored) {
    const key = one.idempotency_key ?? one.user_message_id ?? ''
    byKey.set(key, [...(byKey.get(key) ?? []), one])
  }
  const ledger = createLedger(records.length)
  const tell = (kind: CountedViolation, record: WatchRecord | null, words: string) => {
    ledger[kind] += 1
    const who = record ? `${record.plan.kind} ${record.plan.index} on ${record.plan.agent.id}` : 'the database'
    if (ledger[kind] <= 5) ledger.violations.push(`${kind}: ${who}: ${words}`)
  }
  for (const record of records) {
    const answers = byKey.get(record.key) ?? []
    byKey.delete(record.key)
    if (answers.length > 1) tell('doubled', record, `${answers.length} answers`)
    const [answer] = answers
    if (record.acceptedAtMs !== null || answer) ledger.accepted += 1
    if (record.acceptedAtMs !== null && !answer) tell('lost', record, 'accepted, and not stored')
    if (answer) judge(ledger, tell, record, answer)
    for (const problem of record.problems) tell('wrongText', record, problem)
  }
  for (const answers of byKey.values())
    for (const answer of answers) tell('doubled', null, `answer ${answer.generation_id} of nobody's question`)
  const sum = ledger.complete + ledger.stopped + ledger.interrupted + ledger.failed + ledger.running + ledger.lost
  if (sum !== ledger.accepted) ledger.violations.push(`the sum: ${ledger.accepted} accepted, ${sum} accounted for`)
  return ledger
}

type CountedViolation =
  'lost' | 'doubled' | 'hanging' | 'wrongText' | 'takenBack' | 'falselyComplete' | 'needlesslyEnded'

type Tell = (kind: CountedViolation, record: WatchRecord | null, words: string) => void

function judge(ledger: Ledger, tell: Tell, record: WatchRecord, answer: StoredAnswer): void {
  const { plan } = record
  const expected = toSimulatedText({ seed: plan.seed, tokens: plan.tokens })
  const status = answer.status as 'complete' | 'stopped' | 'interrupted' | 'failed' | 'running'
  ledger[status] += 1
  const ofAgent = (ledger.byAgent[plan.agent.id] ??= {})
  ofAgent[status] = (ofAgent[status] ?? 0) + 1
  if (status === 'running') tell('hanging', record, 'still running')
  else if (!answer.log_closed) tell('hanging', record, `${status}, and its log is open`)
  else if (!record.hasTerminal) tell('hanging', record, `${status}, and its watcher was never told`)
  if (!expected.startsWith(answer.body)) tell('wrongText', record, `stored: ${toDifference(expected, answer.body)}`)
  if (!expected.startsWith(record.shown)) tell('wrongText', record, `shown: ${toDifference(expected, record.shown)}`)
  else if (status !== 'running' && !answer.body.startsWith(record.shown))
    tell('takenBack', record, `${record.shown.length} characters were shown, ${answer.body.length} are stored`)
  if (status === 'complete' && answer.body !== expected)
    tell('falselyComplete', record, `${answer.body.length} of ${expected.length} characters`)
  if (status === 'complete' && record.hasTerminal && record.shown !== expected)
    tell('falselyComplete', record, `shown: ${toDifference(expected, record.shown)}`)
  if ((status === 'interrupted' || status === 'failed') && (plan.agent.canGoOn || !record.hasSeenContent))
    tell(
      'needlesslyEnded',
      record,
      `${status} ${answer.reason ?? ''} after ${record.shown.length} characters and ${answer.adoptions} adoptions`,
    )
}

function toDifference(expected: string, found: string): string {
  let at = 0
  while (at < found.length && found[at] === expected[at]) at += 1
  return `differs at character ${at} of ${expected.length} (${found.length} there): …${JSON.stringify(found.slice(at, at + 30))}`
}

function createLedger(sent: number): Ledger {
  const states = { complete: 0, stopped: 0, interrupted: 0, failed: 0, running: 0 }
  const violations = { lost: 0, doubled: 0, hanging: 0, wrongText: 0, takenBack: 0 }
  return {
    sent,
    accepted: 0,
    ...states,
    ...violations,
    falselyComplete: 0,
    needlesslyEnded: 0,
    byAgent: {},
    violations: [],
  }
}

/** Every answer there is. A `/v1` answer that was stored lies with its generation, a chat's with its message. */
async function readAnswers(databaseUrl: string): Promise<StoredAnswer[]> {
  return query<StoredAnswer>(
    databaseUrl,
    `SELECT g.id AS generation_id, answer.parent_id AS user_message_id, g.idempotency_key, g.status, g.log_closed,
            g.adoptions, coalesce(g.delivery->>'reason', g.delivery->>'code') AS reason,
            coalesce(answer.body, (SELECT string_agg(part->>'text', '' ORDER BY place)
              FROM jsonb_array_elements(g.result->'parts') WITH ORDINALITY AS parts (part, place)
              WHERE part->>'type' = 'text'), '') AS body
     FROM generations g
     LEFT JOIN chat_messages answer ON answer.user_id = g.user_id AND answer.id = g.message_id`,
  )
}

/** Of the running answers: which instance owns how many, by instance id. */
export async function countOwned(databaseUrl: string): Promise<Map<string, number>> {
  const rows = await query<{ owner_instance: string; count: number }>(
    databaseUrl,
    `SELECT owner_instance, count(*)::int AS count FROM generations WHERE status = 'running' GROUP BY 1`,
  )
  return new Map(rows.map((row) => [row.owner_instance, row.count]))
}

export async function countAdoptions(databaseUrl: string): Promise<number> {
  const [row] = await query<{ count: number }>(databaseUrl, 'SELECT sum(adoptions)::int AS count FROM generations')
  return row?.count ?? 0
}

/** Until no answer has ended whose log is still open, or the limit is over: the ledger then tells which. */
export async function waitForClosedLogs(databaseUrl: string, limitMs: number): Promise<void> {
  const giveUpMs = performance.now() + limitMs
  while (performance.now() < giveUpMs) {
    const open = `SELECT 1 FROM generations WHERE status <> 'running' AND NOT log_closed LIMIT 1`
    if ((await query(databaseUrl, open)).length === 0) return
    await delay(250)
  }
}

async function query<Row extends object>(databaseUrl: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
