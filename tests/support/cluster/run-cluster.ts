import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { adminEmail, adminPassword } from '../start-server.ts'
import { toOutboundEnv, toTestAgents } from '../test-agents.ts'
import { openCluster, type Cluster } from './open-cluster.ts'
import { openSimulatorProcess } from './simulator-process.ts'

const help = `Usage: npm run cluster -- [options]

Starts PostgreSQL, Redis, instances of the server, nginx in front of them, and simulated agents, all on this machine, on
free ports and with folders of their own. Ctrl-C ends all of it and leaves nothing behind.

  --instances N   how many instances (default 3)
  --help`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { instances: { type: 'string', default: '3' }, help: { type: 'boolean', default: false } },
  })
  const instances = Number(values.instances)
  if (values.help || !Number.isInteger(instances) || instances < 1) {
    process.stdout.write(`${help}\n`)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const simulator = await openSimulatorProcess()
  try {
    const env = { ...toOutboundEnv(simulator), LOG_LEVEL: 'warn' }
    const cluster = await openCluster({ instances, env, agents: toTestAgents(simulator) })
    process.stdout.write(toAnnouncement(cluster))
    await stopped
    process.stdout.write('\nEnding everything …\n')
    await cluster.close()
  } finally {
    await simulator.close()
  }
}

function toAnnouncement(cluster: Cluster): string {
  const instances = cluster.instances.map(
    (instance, index) => `instance ${index + 1}   ${instance.url} (process ${instance.pid()})`,
  )
  const lines = [
    `LLMChat runs at ${cluster.tlsUrl} (a certificate of this machine alone) and ${cluster.url}`,
    `Sign in as ${adminEmail} with the password: ${adminPassword}`,
    `An API key of this account: ${cluster.apiKey}`,
    '',
    ...instances,
    `nginx        process ${cluster.nginx.pid()}`,
    `PostgreSQL   ${cluster.databaseUrl} (process ${cluster.postgres.pid()})`,
    `Redis        ${cluster.redis.url} (process ${cluster.redis.pid()})`,
    '',
    'Ctrl-C ends all of it.',
  ]
  return `\n  ${lines.join('\n  ')}\n\n`
}

await main()
