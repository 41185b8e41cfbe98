import { parseArgs } from 'node:util'
import { openPostgresServer } from '../support/postgres-server.ts'
import { listBroken } from './database/list-broken.ts'
import { measureVolume } from './database/measure-volume.ts'

const help = `npm run bench:database -- [--messages 2000000] [--sessions 100000] [--users 1000]

Fills a PostgreSQL of its own and explains every hot statement, with the keys alone and with the performance indexes.
What it does goes to standard error; the report is one JSON line on standard output. The exit code is 1 when a statement
reads a big table from end to end, a page of a list costs more the deeper it lies, or a promised index is not used.
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
    for (const sentence of listBroken(report)) {
      process.stderr.write(`BROKEN  ${sentence}\n`)
      process.exitCode = 1
    }
  } finally {
    await server.close()
  }
}
