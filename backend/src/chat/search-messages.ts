import type { SearchResponse } from '@llmchat/protocol/api/chat-schema'
import type { Database, Statement } from '../db/database.ts'
import { toContainsPattern } from './to-contains-pattern.ts'
import { toSearchTerms } from './to-search-terms.ts'
import { toSnippet } from './to-snippet.ts'

/** Trigrams need three characters; anything shorter has to be looked for in the text itself. */
const hasTrigrams = /.{3}/su

/**
 * $1 user, $2 pattern of the longest term (the one an index can serve), $3 all patterns, $4 the longest term, $5 limit.
 * Bounded at each step, for the embedded database has one connection and no statement timeout: at most 300 hits, the
 * newest, are ranked, by an excerpt of 400 characters each. Rank: a whole word over a part of one, new over old (it
 * halves in about three weeks), a title over a text.
 */
function toSearchSql(messageWindow: string): string {
  return `
    WITH hits AS (
      (SELECT s.id AS session_id, s.title AS session_title, NULL::text AS message_id, s.title AS body,
        s.updated_at AS at, 0.3 AS bonus
      FROM chat_sessions s
      WHERE s.user_id = $1 AND s.title ILIKE $2 AND s.title ILIKE ALL ($3::text[])
      ORDER BY s.updated_at DESC LIMIT 100)
      UNION ALL
      (SELECT m.session_id, s.title, m.id, m.body, m.created_at, 0
      FROM ${messageWindow}
      WHERE m.user_id = $1 AND m.body ILIKE $2 AND m.body ILIKE ALL ($3::text[])
      ORDER BY m.created_at DESC LIMIT 200)
    ), excerpts AS (
      SELECT session_id, session_title, message_id, at, bonus,
        substring(body FROM greatest(1, position(lower($4) IN lower(body)) - 100) FOR 400) AS excerpt
      FROM hits
    )
    SELECT session_id, session_title, message_id, at, excerpt
    FROM excerpts
    ORDER BY bonus + word_similarity($4, excerpt) + exp(-extract(epoch FROM now() - at)::float8 / 2592000) DESC, at DESC
    LIMIT $5`
}

const indexedSearch: Statement = {
  name: 'chat-search-indexed',
  text: toSearchSql('chat_messages m JOIN chat_sessions s ON s.user_id = m.user_id AND s.id = m.session_id'),
}

/** One or two characters: read through, so only in the 500 chats of last use. */
const windowedSearch: Statement = {
  name: 'chat-search-windowed',
  text: toSearchSql(`(
    SELECT id, user_id, title FROM chat_sessions WHERE user_id = $1 ORDER BY updated_at DESC, id DESC LIMIT 500
  ) s JOIN chat_messages m ON m.user_id = s.user_id AND m.session_id = s.id`),
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
  const statement = hasTrigrams.test(longest) ? indexedSearch : windowedSearch
  const values = [userId, toContainsPattern(longest), terms.map(toContainsPattern), longest, limit]
  const rows = await deps.database.query<HitRow>(statement, values, { priority: 'read' })
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
