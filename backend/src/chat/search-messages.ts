import type { SearchResponse } from '@llmchat/protocol/api/chat-schema'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
import { toContainsPattern } from './to-contains-pattern.ts'
import { toSearchTerms } from './to-search-terms.ts'
import { toSnippet } from './to-snippet.ts'

/** Trigrams need three characters; anything shorter has to be looked for in the text itself. */
const hasTrigrams = /.{3}/su

const maxHits = 200

/**
 * How letters are compared. Folding the case of a whole text costs several times what looking through it does: it is
 * left out where the words have none (Chinese), and kept to A to Z where they have no other.
 */
type Folding = 'none' | 'ascii' | 'all'

interface SearchPlan {
  folding: Folding
  /** So many of one's newest messages are read through. */
  window: number
  /** Whether older ones are looked for by the trigram index. */
  hasOlder: boolean
}

/**
 * $1 user, $2 pattern of the longest term (the one an index can serve), $3 all patterns, $4 the longest term, $5 limit.
 * At most 300 hits, the newest, are ranked, by an excerpt of 400 characters each. A frequent word is found often enough in
 * the newest messages, which are read through; a rare one by the index, which has no order, so that all of its finds have
 * to be looked at. Neither way alone bears both. Rank: a whole word over a part of one, new over old (it halves in about
 * three weeks), a title over a text.
 */
function toSearchSql({ folding, window, hasOlder }: SearchPlan): string {
  const like = folding === 'none' ? 'LIKE' : 'ILIKE'
  const ascii = folding === 'ascii' ? ' COLLATE "C"' : ''
  // Materialised, so that no plan trades the index for reading everything in order in the hope of an early end.
  const older = `
    older AS MATERIALIZED (
      SELECT m.id, m.created_at FROM chat_messages m
      WHERE (SELECT count(*) FROM recent) < ${maxHits} AND (SELECT id FROM edge) IS NOT NULL
        AND m.user_id = $1 AND m.body ${like} $2 AND m.body${ascii} ${like} ALL ($3::text[])
        AND (m.created_at, m.id) < (SELECT created_at, id FROM edge)
    ),`
  const olderHits = `
      UNION ALL
      (SELECT m.session_id, m.id, m.body, m.created_at FROM (
        SELECT id FROM older ORDER BY created_at DESC, id DESC LIMIT ${maxHits} - (SELECT count(*) FROM recent)
      ) o JOIN chat_messages m ON m.user_id = $1 AND m.id = o.id)`
  // The window's edge comes from the index alone, and the texts are read down to it. Read in one step, a plan that takes
  // everybody for the average person sorts all messages of somebody who has a hundred times as many.
  return `
    WITH edge AS MATERIALIZED (
      SELECT created_at, id FROM chat_messages WHERE user_id = $1
      ORDER BY created_at DESC, id DESC OFFSET ${window - 1} LIMIT 1
    ), recent AS MATERIALIZED (
      SELECT session_id, id, body, created_at FROM chat_messages
      WHERE user_id = $1 AND body${ascii} ${like} ALL ($3::text[])
        AND (created_at, id) >= (coalesce((SELECT created_at FROM edge), '-infinity'), coalesce((SELECT id FROM edge), ''))
      ORDER BY created_at DESC, id DESC LIMIT ${maxHits}
    ), ${hasOlder ? older : ''} messages AS (
      SELECT session_id, id, body, created_at FROM recent ${hasOlder ? olderHits : ''}
    ), hits AS (
      (SELECT s.id AS session_id, s.title AS session_title, NULL::text AS message_id, s.title AS body,
        s.updated_at AS at, 0.3 AS bonus
      FROM chat_sessions s
      WHERE s.user_id = $1 AND s.title ${like} $2 AND s.title${ascii} ${like} ALL ($3::text[])
      ORDER BY s.updated_at DESC LIMIT 100)
      UNION ALL
      SELECT m.session_id, s.title, m.id, m.body, m.created_at, 0
      FROM messages m JOIN chat_sessions s ON s.user_id = $1 AND s.id = m.session_id
    ), excerpts AS (
      SELECT session_id, session_title, message_id, at, bonus,
        substring(body FROM greatest(1, position(lower($4) IN lower(body${ascii})) - 100) FOR 400) AS excerpt
      FROM hits
    )
    SELECT session_id, session_title, message_id, at, excerpt
    FROM excerpts
    ORDER BY bonus + word_similarity($4, excerpt) + exp(-extract(epoch FROM now() - at)::float8 / 2592000) DESC, at DESC
    LIMIT $5`
}

const allMessages = { window: 2000, hasOlder: true }
/** One or two characters have no trigram: read through, so only in the newest messages. */
const newestMessages = { window: 10_000, hasOlder: false }

function toStatements(name: string, plan: Omit<SearchPlan, 'folding'>): Record<Folding, Statement> {
  return {
    none: { name: `${name}-none`, text: toSearchSql({ ...plan, folding: 'none' }) },
    ascii: { name: `${name}-ascii`, text: toSearchSql({ ...plan, folding: 'ascii' }) },
    all: { name: `${name}-all`, text: toSearchSql({ ...plan, folding: 'all' }) },
  }
}

const statements = {
  trigrams: toStatements('chat-search', allMessages),
  short: toStatements('chat-search-short', newestMessages),
}

function toFolding(query: string): Folding {
  const others = query.replace(/[a-z]/gi, '')
  if (others.toLowerCase() !== others.toUpperCase()) return 'all'
  return others === query ? 'none' : 'ascii'
}

interface HitRow {
  session_id: string
  session_title: string
  /** Null: the title matched. */
  message_id: string | null
  at: Date
  excerpt: string
}

/** All words of `query`, in titles and texts of one's own chats, best first. Yields to writes where they share a connection. */
export async function searchMessages(
  deps: { database: Database },
  userId: string,
  query: string,
  limit = 20,
): Promise<SearchResponse> {
  const terms = toSearchTerms(query)
  const longest = terms[0]
  if (longest === undefined) return { hits: [] }
  const statement = statements[hasTrigrams.test(longest) ? 'trigrams' : 'short'][toFolding(query)]
  const values = [userId, toContainsPattern(longest), terms.map(toContainsPattern), longest, limit]
  const rows = await deps.database.query<HitRow>(statement, values, { priority: 'read', from: 'replica' })
  return { hits: rows.map((row) => toHitJson(row, terms)) }
}

function toHitJson(row: HitRow, terms: readonly string[]): SearchResponse['hits'][number] {
  const snippet = toSnippet(row.excerpt, terms)
  return {
    sessionId: row.session_id,
    sessionTitle: row.session_title,
    messageId: row.message_id,
    snippet: snippet.text,
    ranges: snippet.ranges,
    createdAt: row.at.toISOString(),
  }
}
