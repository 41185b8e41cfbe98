import { createIntegerSetting, createTextSetting } from '../setting.ts'
import { parsePostgresUrl } from '../setting-parsers.ts'
import { createDurationSetting, DAY_MS } from './duration-setting.ts'

export const databaseSettings = {
  databaseUrl: createTextSetting({
    variable: 'DATABASE_URL',
    description: 'PostgreSQL 15 or later; the database needs a UTF-8 character type (not plain C).',
    rule: 'a postgresql:// address',
    example: 'postgresql://llmchat:a-password-of-your-own@db.corp.example:5432/llmchat',
    default: null,
    defaultText: 'the embedded database in DATA_DIR',
    parse: parsePostgresUrl,
  }),
  databasePoolMax: createIntegerSetting({
    variable: 'DATABASE_POOL_MAX',
    description: 'Connections of one instance to PostgreSQL. All instances together must stay below max_connections.',
    min: 2,
    max: 1000,
    default: 50,
  }),
  databaseReplicaUrl: createTextSetting({
    variable: 'DATABASE_REPLICA_URL',
    description:
      'A streaming standby that answers lists, pages of messages, searches and exports. A read goes there only when the standby has everything that was stored before the read began.',
    rule: 'a postgresql:// address',
    example: 'postgresql://llmchat:a-password-of-your-own@standby.corp.example:5432/llmchat',
    default: null,
    defaultText: 'all reads go to DATABASE_URL',
    parse: parsePostgresUrl,
  }),
  databaseReplicaWaitMs: createDurationSetting(
    'DATABASE_REPLICA_WAIT_MS',
    50,
    'How long a read waits for the standby to catch up before DATABASE_URL answers it.',
    { minMs: 0, maxMs: 10_000 },
  ),
  databaseStatementMs: createDurationSetting(
    'DATABASE_STATEMENT_TIMEOUT_MS',
    10_000,
    'PostgreSQL gives a statement up after this time. A connection that stays silent two seconds longer is taken for dead.',
    { minMs: 100 },
  ),
  databaseIdleInTransactionMs: createDurationSetting(
    'DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS',
    30_000,
    'PostgreSQL ends a connection whose transaction does nothing for this time, so that its locks do not stay.',
    { minMs: 100 },
  ),
  databaseConnectMs: createDurationSetting(
    'DATABASE_CONNECT_TIMEOUT_MS',
    5000,
    'How long a request waits for a connection to PostgreSQL: a new one, or a free one of the pool.',
    { minMs: 100 },
  ),
  slowStatementMs: createDurationSetting(
    'DATABASE_SLOW_STATEMENT_MS',
    500,
    'Statements that take longer are logged (name and duration, never values) and counted.',
    { minMs: 0, maxMs: DAY_MS },
  ),
}
