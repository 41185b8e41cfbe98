import { createIntegerSetting, createTextSetting } from '../setting.ts'
import { parsePostgresUrl } from '../setting-parsers.ts'

export const databaseSettings = {
  databaseUrl: createTextSetting({
    variable: 'DATABASE_URL',
    description: 'PostgreSQL 15 or later; the database needs a UTF-8 character type (not plain C).',
    rule: 'a postgresql:// address',
    example: 'postgresql://llmchat:password@db.corp.example:5432/llmchat',
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
}
