import { Agent, get } from 'node:http'
import pg from 'pg'
import type { SeededUser } from '../support/cluster/seed-users.ts'

export interface ApiFindings {
  latenciesMs: Record<'list' | 'messages' | 'search', number[]>
  failed: number
  firstFailure: string | null
}

/** Chats to look at: `sessions` for each user, `messages` in each. */
export async function seedChats(
  databaseUrl: string,
  users: readonly SeededUser[],
  size: { sessions: number; messages: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const ids = users.map(({ id }) => id)
    await client.query(
      `INSERT INTO chat_sessions (user_id, id, title, updated_at)
       SELECT u, 'seed-' || s, 'chat ' || s, now() - s * interval '1 hour'
       FROM unnest($1::text[]) u, generate_series(1, $2::int) s`,
      [ids, size.sessions],
    )
    await client.query(
      `INSERT INTO chat_messages (user_id, session_id, id, parent_id, role, parts, body, created_at)
       SELECT u, 'seed-' || s, 'seed-' || s || '-' || m, CASE WHEN m > 1 THEN 'seed-' || s || '-' || (m - 1) END,
              CASE WHEN m % 2 = 1 THEN 'user' ELSE 'assistant' END,
              jsonb_build_array(jsonb_build_object('type', 'text', 'id', 't1', 'text', body)), body,
              now() - s * interval '1 hour' + m * interval '1 second'
       FROM unnest($1::text[]) u, generate_series(1, $2::int) s, generate_series(1, $3::int) m,
            LATERAL (SELECT 'question ' || m || ' about topic ' || (s * m % 97) || ' 关于第' || m || '个问题的说明 ' || repeat('some more words to read ', 10)) AS t (body)
       ON CONFLICT DO NOTHING`,
      [ids, size.sessions, size.messages],
    )
    await client.query('ANALYZE chat_sessions; ANALYZE chat_messages;')
  } finally {
    await client.end()
  }
}

/** List, message page and search in turn at a fixed rate, whether or not the last answer has come. */
export function openApiLoad(url: string, users: readonly SeededUser[], perSecond: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const findings: ApiFindings = { latenciesMs: { list: [], messages: [], search: [] }, failed: 0, firstFailure: null }
  const paths = {
    list: () => '/api/chat/sessions?limit=30',
    messages: (turn: number) => `/api/chat/sessions/seed-${(turn % 20) + 1}/messages?limit=50`,
    search: (turn: number) => `/api/chat/sessions/search?q=${encodeURIComponent(`topic ${turn % 97}`)}`,
  }
  const names = ['list', 'messages', 'search'] as const
  const underWay = new Set<Promise<void>>()
  const startMs = performance.now()
  let turn = 0
  const timer = setInterval(() => {
    // Owed since the start: a late timer must not make the load lighter.
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000)
    for (; turn < due; turn += 1) {
      const name = names[turn % names.length] ?? 'list'
      const user = users[turn % users.length]
      if (!user) return
      const call = ask(agent, url + paths[name](turn), user.apiKey).then(({ tookMs, failure }) => {
        findings.latenciesMs[name].push(tookMs)
        if (failure !== null) findings.failed += 1
        findings.firstFailure ??= failure
      })
      underWay.add(call)
      void call.finally(() => underWay.delete(call))
    }
  }, 20)
  return {
    async stop(): Promise<ApiFindings> {
      clearInterval(timer)
      await Promise.all(underWay)
      agent.destroy()
      return findings
    },
  }
}

function ask(agent: Agent, url: string, apiKey: string): Promise<{ tookMs: number; failure: string | null }> {
  const startMs = performance.now()
  return new Promise((resolve) => {
    const tell = (failure: string | null) => resolve({ tookMs: performance.now() - startMs, failure })
    const request = get(url, { agent, headers: { authorization: `Bearer ${apiKey}` } }, (response) => {
      response.resume()
      response.on('end', () => tell(response.statusCode === 200 ? null : `${url}: ${response.statusCode ?? 0}`))
      response.on('error', (error) => tell(String(error)))
    })
    request.on('error', (error) => tell(String(error)))
  })
}
