import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openTestPostgres } from '../support/open-postgres.ts'
import { openRedisServer, type RedisServer } from '../support/redis-server.ts'
import { startServer } from '../support/start-server.ts'
import { readCpuSeconds } from './processes.ts'

const help = `Usage: npm run bench:api -- [options]

One built server on a PostgreSQL and a Redis of its own, seeded; the same requests at the same pace with the cache on and
off, one after the other. Prints one JSON line: latencies in ms as the client sees them, and what the stores had to do.

  --users N      virtual users, each with a key of its own  (default 200)
  --rate N       requests per second, all users together    (default 100)
  --seconds N    of each measured run                       (default 20)
  --help`

interface Plan {
  users: number
  rate: number
  seconds: number
}

const kinds = ['agents', 'list', 'messages', 'search'] as const
type Kind = (typeof kinds)[number]

const sessionsPerUser = 20
const messagesPerSession = 20

const toKey = (user: number): string => `lc_bench${user}`
const toSession = (user: number, index: number): string => `s${user}-${index}`

function toPath(kind: Kind, user: number, turn: number): string {
  const session = toSession(user, turn % sessionsPerUser)
  const paths: Record<Kind, string> = {
    agents: '/api/agents',
    list: '/api/chat/sessions',
    messages: `/api/chat/sessions/${session}/messages`,
    search: `/api/chat/sessions/search?q=${encodeURIComponent(turn % 2 === 0 ? '部署' : 'deployment')}`,
  }
  return paths[kind]
}

async function seed(client: pg.Client, users: number): Promise<void> {
  for (let user = 0; user < users; user += 1) {
    await client.query(
      `INSERT INTO users (id, email, name, password_hash, role) VALUES ($1, $2, $1, 'none', 'member')`,
      [`u${user}`, `u${user}@example.com`],
    )
    await client.query(
      `INSERT INTO api_keys (id, user_id, name, prefix, key_hash) VALUES ($1, $2, 'bench', 'lc_', $3)`,
      [`k${user}`, `u${user}`, createHash('sha256').update(toKey(user)).digest('hex')],
    )
  }
  await client.query(
    `INSERT INTO chat_sessions (user_id, id, title)
     SELECT 'u' || u, 's' || u || '-' || s, 'Chat ' || s
     FROM generate_series(0, $1::int - 1) u, generate_series(0, $2::int - 1) s`,
    [users, sessionsPerUser],
  )
  await client.query(
    `INSERT INTO chat_messages (user_id, session_id, id, role, parts, body)
     SELECT 'u' || u, 's' || u || '-' || s, 'm' || u || '-' || s || '-' || m,
       CASE WHEN m % 2 = 0 THEN 'user' ELSE 'assistant' END,
       jsonb_build_array(jsonb_build_object('type', 'text', 'id', 't1', 'text', text)), text
     FROM generate_series(0, $1::int - 1) u, generate_series(0, $2::int - 1) s, generate_series(0, $3::int - 1) m,
       LATERAL (SELECT 'Message ' || m || ': how the deployment of part ' || s || ' goes. 部署说明 ' || repeat('word ', 60)
         AS text) t`,
    [users, sessionsPerUser, messagesPerSession],
  )
  await client.query('ANALYZE')
}

interface Percentiles {
  count: number
  p50: number
  p95: number
  p99: number
}

function toPercentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -1)
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** At an even pace whatever the answers take: a slow server does not get fewer requests. */
async function drive(url: string, plan: Plan): Promise<{ latencies: Map<Kind, number[]>; failed: number }> {
  const latencies = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]))
  const running: Promise<void>[] = []
  let failed = 0
  const startMs = performance.now()
  for (let index = 0; index < plan.rate * plan.seconds; index += 1) {
    await delay(Math.max(0, startMs + (index * 1000) / plan.rate - performance.now()))
    const kind = kinds[index % kinds.length] ?? 'agents'
    const turn = Math.floor(index / kinds.length)
    const user = turn % plan.users
    const sentMs = performance.now()
    running.push(
      fetch(url + toPath(kind, user, turn), { headers: { authorization: `Bearer ${toKey(user)}` } }).then(
        async (response) => {
          await response.arrayBuffer()
          if (response.status === 200) latencies.get(kind)?.push(performance.now() - sentMs)
          else failed += 1
        },
        () => void (failed += 1),
      ),
    )
  }
  await Promise.all(running)
  return { latencies, failed }
}

async function readTransactions(client: pg.Client): Promise<number> {
  // The statistics of other connections arrive at the latest a second after their last statement.
  await delay(1500)
  const { rows } = await client.query<{ n: string }>(
    'SELECT xact_commit AS n FROM pg_stat_database WHERE datname = current_database()',
  )
  return Number(rows[0]?.n)
}

async function measure(
  store: { databaseUrl: string; redis: RedisServer },
  client: pg.Client,
  plan: Plan,
  isOn: boolean,
) {
  const server = await startServer({
    env: {
      DATABASE_URL: store.databaseUrl,
      REDIS_URL: store.redis.url,
      SECRET_KEY: 'a key of the benchmark, of 40 characters',
      ALLOW_INSECURE_HTTP: '1',
      RATE_LIMIT_PER_MINUTE: '1000000',
      CACHE_ENABLED: isOn ? '1' : '0',
    },
  })
  try {
    await drive(server.url, { ...plan, seconds: 5 })
    const before = { cpuS: readCpuSeconds([server.pid()]), transactions: await readTransactions(client) }
    const { latencies, failed } = await drive(server.url, plan)
    const cpuS = readCpuSeconds([server.pid()]) - before.cpuS
    const transactions = (await readTransactions(client)) - before.transactions
    const all = [...latencies.values()].flat()
    return {
      failed,
      all: toPercentiles(all),
      ...Object.fromEntries([...latencies].map(([kind, values]) => [kind, toPercentiles(values)])),
      serverCpuMsPerRequest: round((cpuS * 1000) / all.length),
      databaseTransactionsPerRequest: round(transactions / all.length),
    }
  } finally {
    await server.close()
    await client.query(`DELETE FROM users WHERE email = 'admin@example.com'`)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      users: { type: 'string', default: '200' },
      rate: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '20' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${help}\n`)
    return
  }
  const plan: Plan = { users: Number(values.users), rate: Number(values.rate), seconds: Number(values.seconds) }
  const postgres = await openTestPostgres()
  if (postgres === null) throw new Error('the benchmark needs PostgreSQL under /usr/lib/postgresql')
  const redis = await openRedisServer()
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    await seed(client, plan.users)
    const store = { databaseUrl: postgres.url, redis }
    const report: Record<string, unknown> = { plan }
    for (const [name, isOn] of [
      ['off', false],
      ['on', true],
      ['offAgain', false],
      ['onAgain', true],
    ] as const) {
      report[name] = await measure(store, client, plan, isOn)
    }
    process.stdout.write(`${JSON.stringify(report)}\n`)
  } finally {
    await client.end()
    await redis.close()
    await postgres.close()
  }
}

await main()
