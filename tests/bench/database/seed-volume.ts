import type pg from 'pg'

export interface Volume {
  users: number
  sessions: number
  messages: number
}

/** What the measured statements ask for. */
export const subject = {
  /** Has one chat in twenty of all. */
  userId: 'user-1',
  /** Has one message in a hundred of all. */
  bigSession: 1,
  /** An ordinary chat of the same person. */
  plainSession: 7,
  instanceId: 'instance-1',
}

/** In one text out of ten thousand; the words of the vocabulary are in about every fifth. */
export const rareTerms = { zh: '北斗七星', en: 'zeppelin' }
export const commonTerms = { zh: '数据库', en: 'invoice' }
export const shortTerm = '合同'

const INTERLEAVED = 64
const RUNNING = 300
const OPEN_LOGS = 50

const zhWords = (
  '我们 公司 项目 数据库 合同 发票 审批 流程 报表 系统 服务器 网络 安全 权限 部署 测试 上线 需求 文档 接口 用户 客户 供应商 采购 库存 ' +
  '财务 预算 成本 利润 人力资源 招聘 绩效 培训 会议 纪要 总结 计划 进度 风险 质量 生产 设备 维护 故障 日志 监控 告警 备份 恢复 迁移 ' +
  '性能 优化 索引 查询 缓存 并发 事务 一致性 可用性 如何 为什么 请问 可以 应该 首先 其次 最后 因此 但是 例如 需要 建议 注意 已经'
).split(' ')
const enWords = (
  'please explain the following invoice report with respect to our internal policy and server settings because customer requests ' +
  'database index query latency throughput replica failover backup restore monitor alert deploy release review contract budget cost ' +
  'meeting summary project schedule risk quality support ticket network access permission account password reset document search ' +
  'first second finally therefore however example should would could when where which performance memory cache lock transaction'
).split(' ')

/** Text ids of the length and order that UUIDv7 has. */
const idFunction = `
  CREATE FUNCTION to_bench_id(kind text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(md5(kind || n), 1, 3) || '-8' ||
      substr(md5(kind || n), 4, 3) || '-' || substr(md5(kind || n), 8, 12)
    FROM lpad(to_hex(1700000000000 + n), 12, '0') AS h $$`

const paragraphs = `
  CREATE UNLOGGED TABLE bench_paragraphs AS
  SELECT n, n % 2 = 0 AS is_zh,
    CASE WHEN n % 2 = 0 THEN (
      SELECT string_agg(($1::text[])[1 + floor(random() * cardinality($1::text[]))::int], CASE WHEN w % 7 = 0 THEN '，' ELSE '' END)
      FROM generate_series(1, 30) w WHERE n >= 0) || '。'
    ELSE (
      SELECT string_agg(($2::text[])[1 + floor(random() * cardinality($2::text[]))::int], ' ')
      FROM generate_series(1, 25) w WHERE n >= 0) || '. ' END AS text
  FROM generate_series(0, 4095) n`

/**
 * 64 chats are talked in at a time, so that one's messages lie scattered, as in life; each hundredth message is the big
 * chat's. Questions and answers take turns; a message hangs below the one before it.
 */
function toMessages({ sessions, messages }: Volume): string {
  const perSession = Math.max(2, Math.floor((messages * 0.99) / sessions))
  return `
    CREATE UNLOGGED TABLE bench_messages AS
    SELECT m, is_big, s AS session_number, j,
      CASE WHEN s <= ${String(sessions)} * 0.05 THEN 1 ELSE 2 + s % (SELECT count(*) - 1 FROM users) END AS user_number,
      to_bench_id(CASE WHEN is_big THEN 'big' ELSE 'message' END, o) AS id,
      CASE WHEN j > 0 THEN
        to_bench_id(CASE WHEN is_big THEN 'big' ELSE 'message' END, CASE WHEN is_big THEN o - 1 ELSE o - ${String(INTERLEAVED)} END)
      END AS parent_id
    FROM generate_series(1, ${String(messages)}) m
    CROSS JOIN LATERAL (SELECT m % 100 = 0 AS is_big, CASE WHEN m % 100 = 0 THEN m / 100 - 1 ELSE m - m / 100 - 1 END AS o) a
    CROSS JOIN LATERAL (SELECT
      CASE WHEN is_big THEN 1
        ELSE 2 + (o / ${String(INTERLEAVED * perSession)} * ${String(INTERLEAVED)} + o % ${String(INTERLEAVED)}) % (${String(sessions)} - 1) END AS s,
      CASE WHEN is_big THEN o ELSE o / ${String(INTERLEAVED)} % ${String(perSession)} END AS j) b`
}

const start = "timestamptz '2026-01-01'"

function toStatements(volume: Volume): string[] {
  const { users, sessions, messages } = volume
  const at = `${start} + m * interval '90 days' / ${String(messages)}`
  return [
    `INSERT INTO users (id, email, name, password_hash, role)
      SELECT 'user-' || n, 'user-' || n || '@example.com', 'User ' || n, 'x', 'member' FROM generate_series(1, ${String(users)}) n`,
    `INSERT INTO login_sessions (id, user_id, token_hash, idle_expires_at, expires_at)
      SELECT to_bench_id('login', n), 'user-' || 1 + n % ${String(users)}, encode(sha256(n::text::bytea), 'hex'), now() + interval '7 days', now() + interval '30 days'
      FROM generate_series(1, ${String(Math.max(2000, users * 5))}) n`,
    `INSERT INTO instances (id, version) SELECT 'instance-' || n, '0.0.0' FROM generate_series(1, 3) n`,
    `INSERT INTO agent_configs (id, name, provider, base_url, origin)
      SELECT 'agent-' || n, 'Agent', CASE WHEN n % 100 = 0 THEN 'openai' ELSE 'dify' END, 'https://agent.example', 'admin'
      FROM generate_series(1, 2000) n`,
    toMessages(volume),
    `INSERT INTO chat_sessions (user_id, id, title, agent_id, active_leaf_id, is_pinned, is_archived, last_answer_at, created_at, updated_at)
      SELECT 'user-' || last.user_number, to_bench_id('session', s.n), left(p.text, 40), 'agent', last.id, s.n % 50 = 0, s.n % 20 = 3,
        last.at, last.at - interval '1 hour', last.at
      FROM generate_series(1, ${String(sessions)}) s (n)
      JOIN (SELECT DISTINCT ON (session_number) session_number, user_number, id, ${at} AS at
        FROM bench_messages ORDER BY session_number, m DESC) last ON last.session_number = s.n
      JOIN bench_paragraphs p ON p.n = hashint4(s.n) & 4095`,
    `INSERT INTO chat_messages (user_id, id, session_id, parent_id, role, parts, body, delivery, agent_id, agent_name, generation_id, usage, timing, created_at)
      SELECT 'user-' || user_number, id, to_bench_id('session', session_number), parent_id,
        CASE WHEN is_answer THEN 'assistant' ELSE 'user' END,
        jsonb_build_array(jsonb_build_object('type', 'text', 'id', 't1', 'text', body)), body,
        CASE WHEN is_answer THEN '{"state":"complete","finishReason":"stop"}'::jsonb END,
        CASE WHEN is_answer THEN 'agent' END, CASE WHEN is_answer THEN 'Agent' END,
        CASE WHEN is_answer THEN to_bench_id('generation', m) END,
        CASE WHEN is_answer THEN '{"inputTokens":120,"outputTokens":240,"isEstimated":false}'::jsonb END,
        CASE WHEN is_answer THEN '{"firstContentMs":320,"totalMs":9000}'::jsonb END, ${at}
      FROM (
        SELECT b.*, j % 2 = 1 AS is_answer,
          CASE WHEN j % 2 = 1 THEN one.text || CASE m % 3 WHEN 0 THEN two.text ELSE '' END ELSE left(one.text, 40) END ||
          CASE m % 10000 WHEN 42 THEN '${rareTerms.zh}' WHEN 43 THEN ' ${rareTerms.en} ' ELSE '' END AS body
        FROM bench_messages b
        JOIN bench_paragraphs one ON one.n = hashint4(m) & 4095
        JOIN bench_paragraphs two ON two.n = hashint4(m + 1) & 4095
      ) b ORDER BY m`,
    `INSERT INTO generations (id, user_id, session_id, message_id, agent_id, owner_instance, status, final_seq, log_closed, delivery, usage, timing, checkpoint, created_at, finished_at)
      SELECT to_bench_id('generation', m), 'user-' || user_number, to_bench_id('session', session_number), id, 'agent',
        CASE WHEN is_running THEN 'instance-' || 1 + m % 3 ELSE 'instance-0' END,
        CASE WHEN is_running THEN 'running' ELSE 'complete' END,
        CASE WHEN NOT is_running THEN 40 END, NOT is_running AND NOT is_open,
        CASE WHEN NOT is_running THEN '{"state":"complete","finishReason":"stop"}'::jsonb END,
        '{"inputTokens":120,"outputTokens":240,"isEstimated":false}', '{"firstContentMs":320,"totalMs":9000}',
        CASE WHEN is_running THEN jsonb_build_object('parts', repeat('text ', 400)) END,
        ${at}, CASE WHEN NOT is_running THEN ${at} + interval '9 seconds' END
      FROM (
        SELECT *, m > ${String(messages)} - 2 * ${String(RUNNING)} AS is_running,
          m BETWEEN ${String(messages)} - 2 * ${String(RUNNING + OPEN_LOGS)} AND ${String(messages)} - 2 * ${String(RUNNING)} AS is_open
        FROM bench_messages WHERE j % 2 = 1
      ) b ORDER BY m`,
    'DROP TABLE bench_messages, bench_paragraphs',
  ]
}

/** Fills a migrated, empty database inside the server. Deterministic. Foreign keys hold, but are not checked row by row. */
export async function seedVolume(client: pg.Client, volume: Volume): Promise<void> {
  await client.query("SET session_replication_role = replica; SELECT setseed(0.4); SET work_mem = '256MB'")
  await client.query(idFunction)
  await client.query(paragraphs.replaceAll('$1', toLiteral(zhWords)).replaceAll('$2', toLiteral(enWords)))
  for (const statement of toStatements(volume)) await client.query(statement)
  await client.query('RESET session_replication_role; RESET work_mem')
}

function toLiteral(words: readonly string[]): string {
  return `('{${words.join(',')}}')`
}
