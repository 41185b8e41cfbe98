import { parseArgs } from 'node:util'
import { fuzzApi, type Spoil } from './fuzz-api.ts'

const usage = `Usage: npm run fuzz:api -- [options]

Starts a server of its own with simulated agents and asks it what its OpenAPI description allows, and what it does not, with
schemathesis: no answer may be a server error or other than described. Prints one JSON line; the exit code is 1 when
something was found.

  --requests N   about so many (default 12500)
  --seed N       of what is asked (default 1)
  --break KIND   schema or status: an answer is spoiled on its way, which must be found
  --help
`

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '12500' },
    seed: { type: 'string', default: '1' },
    break: { type: 'string', default: 'none' },
    help: { type: 'boolean' },
  },
})

function isSpoil(text: string): text is Spoil {
  return ['none', 'schema', 'status'].includes(text)
}

if (values.help) process.stdout.write(usage)
else if (!isSpoil(values.break)) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  const { requests, findings } = await fuzzApi({
    requests: Number(values.requests),
    seed: Number(values.seed),
    spoil: values.break,
  })
  for (const finding of findings) process.stderr.write(`${finding}\n`)
  process.stdout.write(`${JSON.stringify({ requests, failed: findings.length })}\n`)
  process.exitCode = findings.length === 0 ? 0 : 1
}
