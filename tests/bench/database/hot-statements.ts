import type pg from 'pg'
import { getAcceptContext } from '../../../backend/src/chat/accept-context.ts'
import { toCursor, toCursorTimestampSql } from '../../../backend/src/chat/keyset-cursor.ts'
import { listMessages } from '../../../backend/src/chat/list-messages.ts'
import { listSessions } from '../../../backend/src/chat/list-sessions.ts'
import { searchMessages } from '../../../backend/src/chat/search-messages.ts'
import { writeAccepted } from '../../../backend/src/chat/write-accepted.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import {
  closeLogs,
  commitFinal,
  findNewestGeneration,
  listOpenLogs,
  requestStop,
  saveCheckpoints,
} from '../../../backend/src/generation/generation-repository.ts'
import { claimOrphans } from '../../../backend/src/generation/ownership-repository.ts'
import type { Recorded } from './explain-statement.ts'
import { recordStatement } from './record-statement.ts'
import { commonTerms, rareTerms, shortTerm, subject } from './seed-volume.ts'

export interface HotStatement {
  name: string
  recorded: Recorded
  /** Pages of the same list: their cost must not grow with the depth. */
  list?: 'sessions' | 'messages'
}

interface Facts {
  bigSession: string
  plainSession: string
  plainLeaf: string
  running: string[]
  finished: string[]
}

const { userId, instanceId } = subject

async function findFacts(client: pg.Client): Promise<Facts> {
  const found = await client.query<Facts>(
    `SELECT to_bench_id('session', $1) AS "bigSession", to_bench_id('session', $2) AS "plainSession",
      (SELECT active_leaf_id FROM chat_sessions WHERE user_id = $3 AND id = to_bench_id('session', $2)) AS "plainLeaf",
      (SELECT array_agg(id) FROM generations WHERE status = 'running') AS running,
      (SELECT array_agg(id) FROM generations WHERE status <> 'running' AND NOT log_closed) AS finished`,
    [subject.bigSession, subject.plainSession, userId],
  )
  const [facts] = found.rows
  if (facts === undefined) throw new Error('nothing was seeded')
  return facts
}

type Page = [name: string, share: number]

/** How far back the pages begin, as a share of the whole list. */
const pages: Page[] = [
  ['middle page', 0.5],
  ['deep page', 0.95],
]

async function findCursor(client: pg.Client, list: 'sessions' | 'messages', share: number): Promise<string> {
  const column = list === 'sessions' ? 'updated_at' : 'created_at'
  const pinned = list === 'sessions' ? 'is_pinned' : 'false'
  const rest =
    list === 'sessions'
      ? 'FROM chat_sessions WHERE user_id = $1 AND NOT is_archived ORDER BY is_pinned DESC, updated_at DESC, id DESC'
      : `FROM chat_messages WHERE user_id = $1 AND session_id = to_bench_id('session', ${String(subject.bigSession)})
        ORDER BY created_at DESC, id DESC`
  const found = await client.query<{ id: string; pinned: boolean; at: string }>(
    `WITH list AS (SELECT id, ${pinned} AS pinned, ${toCursorTimestampSql(column)} AS at ${rest})
    SELECT * FROM list OFFSET (SELECT floor(count(*) * $2::float8) FROM list) LIMIT 1`,
    [userId, share],
  )
  const [row] = found.rows
  if (row === undefined) throw new Error('the list is too short')
  return toCursor({ isPinned: row.pinned, timestamp: row.at, id: row.id })
}

async function listPages(client: pg.Client, facts: Facts): Promise<HotStatement[]> {
  const reads = {
    sessions: (database: Database, cursor?: string) =>
      listSessions({ database }, userId, cursor === undefined ? {} : { cursor }),
    messages: (database: Database, cursor?: string) =>
      listMessages({ database }, userId, facts.bigSession, cursor === undefined ? {} : { cursor }),
  }
  const statements: HotStatement[] = []
  for (const list of ['sessions', 'messages'] as const) {
    const first = await recordStatement((database) => reads[list](database))
    statements.push({ name: `${list}: first page`, recorded: first, list })
    for (const [name, share] of pages) {
      const cursor = await findCursor(client, list, share)
      const recorded = await recordStatement((database) => reads[list](database, cursor))
      statements.push({ name: `${list}: ${name}`, recorded, list })
    }
  }
  return statements
}

const message = {
  role: 'assistant' as const,
  parts: [{ type: 'text' as const, id: 't1', text: '数据库 answer '.repeat(40) }],
}

function toWrites(facts: Facts): [string, (database: Database) => Promise<unknown>][] {
  const final = {
    generationId: facts.running[0] ?? '',
    fence: 1,
    finalSeq: 40,
    delivery: { state: 'complete' as const, finishReason: 'stop' as const },
    message: message as never,
    usage: { inputTokens: 1, outputTokens: 1, isEstimated: false },
    timing: {},
    upstream: {},
    hasMessage: true,
    isResultStored: false,
  }
  const accepted = {
    userId,
    sessionId: facts.plainSession,
    agent: { id: 'agent', name: 'Agent' },
    question: { id: 'new-question', text: '数据库 how do we back it up?', files: [], parentId: facts.plainLeaf },
    answerId: 'new-answer',
    answerParentId: 'new-question',
    generationId: 'new-generation',
    ownerInstance: instanceId,
    expectedLeafId: facts.plainLeaf,
  }
  const checkpoints = facts.running.map((generationId) => ({
    generationId,
    fence: 1,
    seq: 20,
    message: message as never,
    upstream: {},
  }))
  return [
    ['accept: write', (database) => writeAccepted({ database }, accepted)],
    [`checkpoint of ${String(checkpoints.length)} answers`, (database) => saveCheckpoints({ database }, checkpoints)],
    ['commit', (database) => commitFinal({ database }, final as never)],
    ['close logs', (database) => closeLogs({ database }, facts.finished)],
    [
      'request stop',
      (database) => requestStop({ database }, { userId, sessionId: facts.plainSession, generationId: null }),
    ],
  ]
}

function toReads(facts: Facts): [string, (database: Database) => Promise<unknown>][] {
  const search = (query: string) => (database: Database) => searchMessages({ database }, userId, query)
  const accept = (sessionId: string) => (database: Database) =>
    getAcceptContext({ database }, { userId, sessionId, namedId: 'new', mode: 'submit', parentId: undefined })
  return [
    ['search: rare, zh', search(rareTerms.zh)],
    ['search: rare, en', search(rareTerms.en)],
    ['search: common, zh', search(commonTerms.zh)],
    ['search: common, en', search(commonTerms.en)],
    ['search: two characters', search(shortTerm)],
    ['search: two words', search(`${commonTerms.en} 数据`)],
    ['search: nothing found', search('青藏高原铁路')],
    ['accept: context', accept(facts.plainSession)],
    ['accept: context, 1000 turns', accept(facts.bigSession)],
    ['newest generation', (database) => findNewestGeneration({ database }, userId, facts.plainSession)],
    ['orphans', (database) => claimOrphans({ database }, instanceId, 50)],
    ['open logs', (database) => listOpenLogs({ database }, 5000)],
  ]
}

/** What a busy installation sends most, as it sends it. */
export async function listHotStatements(client: pg.Client): Promise<HotStatement[]> {
  const facts = await findFacts(client)
  const statements = await listPages(client, facts)
  for (const [name, work] of [...toReads(facts), ...toWrites(facts)]) {
    statements.push({ name, recorded: await recordStatement(work) })
  }
  return statements
}

const listOfDocument: [name: string, text: string, values: unknown[]][] = [
  [
    'chat_sessions (user_id, updated_at DESC)',
    'SELECT id, title FROM chat_sessions WHERE user_id = $1 ORDER BY updated_at DESC LIMIT 20',
    [userId],
  ],
  [
    'chat_messages (session_id, created_at ASC)',
    `SELECT id, role FROM chat_messages WHERE session_id = $1 ORDER BY created_at ASC LIMIT 50`,
    [subject.bigSession],
  ],
  [
    'agent_configs (provider, is_active)',
    'SELECT id FROM agent_configs WHERE provider = $1 AND is_active = $2',
    ['openai', true],
  ],
  [
    'foreign key of chat_messages',
    'DELETE FROM chat_messages WHERE user_id = $1 AND session_id = $2',
    [userId, subject.plainSession],
  ],
  [
    'foreign key of generations',
    'DELETE FROM generations WHERE user_id = $1 AND session_id = $2',
    [userId, subject.plainSession],
  ],
  ['foreign key of login_sessions', 'DELETE FROM login_sessions WHERE user_id = $1', ['user-2']],
  [
    'BRIN of chat_messages',
    'SELECT count(*) FROM chat_messages WHERE created_at BETWEEN $1 AND $2',
    ['2026-02-01', '2026-02-02'],
  ],
  [
    'BRIN of generations',
    'SELECT count(*) FROM generations WHERE created_at BETWEEN $1 AND $2',
    ['2026-02-01', '2026-02-02'],
  ],
  ['trigrams', 'SELECT id FROM chat_messages WHERE body ILIKE $1', [`%${rareTerms.zh}%`]],
]

/** The shapes for which the product's founding document promises an index, with its tables and columns. */
export async function listPromisedStatements(client: pg.Client): Promise<HotStatement[]> {
  const { bigSession, plainSession } = await findFacts(client)
  const ids = new Map<unknown, string>([
    [subject.bigSession, bigSession],
    [subject.plainSession, plainSession],
  ])
  return listOfDocument.map(([name, text, values]) => ({
    name,
    recorded: { text, values: values.map((value) => ids.get(value) ?? value) },
  }))
}
