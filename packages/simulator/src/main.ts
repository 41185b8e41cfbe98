import { parseArgs } from 'node:util'
import { openSimulator } from './open-simulator.ts'

const help = `Usage: npm run simulator -- [options]

The simulated upstreams by themselves: OpenAI, OpenAI Responses, Anthropic, FastGPT and Dify, on one address.

  --port N      default: any free one (or PORT)
  --host NAME   default: 127.0.0.1 (or HOST)
  --plan PLAN   what requests do that name no plan of their own, such as "tokens=200,ttft=500,gap=20"
  --help
`

/** The stand-alone program: `--port` and `--host` win over `PORT` and `HOST`; ends on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      plan: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const { env } = process
  const simulator = await openSimulator({
    port: Number(values.port ?? env['PORT'] ?? 0),
    host: values.host ?? env['HOST'] ?? '127.0.0.1',
    defaultPlan: values.plan ?? env['SIMULATOR_PLAN'] ?? '',
  })
  process.stdout.write(`simulator listening on ${simulator.url}\n`)
  const end = (): void => {
    void simulator.close().then(() => {
      process.exitCode = 0
    })
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

await main()
