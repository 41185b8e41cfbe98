import { parseArgs } from 'node:util'
import { openPostgresServer } from '../support/postgres-server.ts'
import { measureVolume } from './database/measure-volume.ts'

const help = `npm run bench:database -- [--messages 2000000] [--sessions 100000] [--users 1000]

Fills a PostgreSQL of its own and explains every hot statement, with the keys alone and with the performance indexes.
What it does goes to standard error; the report is one JSON line on standard output.
`

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '2000000' },
    sessions: { type: 'string', default: '100000' },
    users: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  process.stdout.write(help)
} else {
  const server = await openPostgresServer({ sharedBuffers: '1GB', settings: { max_wal_size: '8GB', jit: 'off' } })
  if (server === null) throw new Error('no PostgreSQL under /usr/lib/postgresql')
  const volume = { messages: Number(values.messages), sessions: Number(values.sessions), users: Number(values.users) }
  try {
    const report = await measureVolume(server.url, volume, (line) => process.stderr.write(`${line}\n`))
    process.stdout.write(`${JSON.stringify(report)}\n`)
  } finally {
    await server.close()
  }
}
