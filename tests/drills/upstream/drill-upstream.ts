import { parseArgs } from 'node:util'
import { quickPace, realPace } from './drill-pace.ts'
import { breakable, runUpstreamDrill, type Scorecard } from './run-upstream-drill.ts'

const help = `Usage: npm run drill:upstream -- [options]

Sixteen ways in which an upstream fails, each asked through the built server, and a scorecard. The exit code is 1 unless
all are right.

  --break PART   takes a part of the resilience away (${breakable.join(', ')}): a scenario must then be wrong
  --only NAME    one of the scenarios
  --quick        shorter clocks, as the test suite has them
  --help
`

const { values } = parseArgs({
  options: {
    break: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) {
  process.stdout.write(help)
  process.exit(0)
}
const broken = breakable.find((name) => name === values.break) ?? null
if (values.break !== undefined && broken === null)
  throw new Error(`--break takes one of ${breakable.join(', ')}, not "${values.break}"`)

const card = await runUpstreamDrill({
  broken,
  pace: values.quick === true ? quickPace : realPace,
  ...(values.only === undefined ? {} : { only: values.only }),
})
process.stdout.write(`${toTable(card)}\n${JSON.stringify(card)}\n`)
process.exit(card.right === card.total ? 0 : 1)

function toTable({ scenarios, right, total }: Scorecard): string {
  const rows = scenarios.flatMap((one) => [
    `${one.isRight ? 'right' : 'WRONG'}  ${one.name} (${one.checks} checks, ${(one.durationMs / 1000).toFixed(1)} s)`,
    `       ${one.right}`,
    ...one.wrong.map(({ what, seen }) => `       not: ${what}; ${JSON.stringify({ seen }).slice(0, 300)}`),
  ])
  return [...rows, '', `${right} of ${total} right`].join('\n')
}
