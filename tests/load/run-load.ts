import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { readClusterCpu } from '../bench/cluster-cpu.ts'
import { readCpuSeconds } from '../bench/processes.ts'
import { openCluster, type Cluster } from '../support/cluster/open-cluster.ts'
import { seededPassword, seedUsers } from '../support/cluster/seed-users.ts'
import { openSimulatorProcess, type SimulatorProcess } from '../support/cluster/simulator-process.ts'
import { listProcessTree, toBoundCommand } from '../support/process-tree.ts'
import { toOutboundEnv, toTestAgents } from '../support/test-agents.ts'
import { startCpuMeter } from './cpu-meter.ts'

/** Which load, and the program that makes it; given by scripts/load.mjs. */
type Tool = 'k6' | 'artillery'

const help = `Usage: npm run load:k6 -- baseline|stress [options]
       npm run load:artillery -- [options]

Opens a cluster with simulated agents and a thousand people, runs the load through nginx, and writes the report to
reports/load. The exit code is the tool's: not 0 when a threshold of the SLA was broken.

  --instances N    of the server (default 3)
  --time-scale X   stretches or shortens the load's stages (default 1)
  --pause N        k6: seconds that a person reads an answer for before they go on (default 0)
  --help
`

const people = 1000
/** All of Artillery's people come from one address, which may then sign in as often as all of them. */
const oneAddress = { LOGIN_ATTEMPTS_PER_MINUTE: '1000' }
const folder = 'reports/load'
const k6Scripts: Record<string, string> = {
  baseline: 'tests/load/k6-baseline.js',
  stress: 'tests/load/k6-stress-test.js',
}

async function main(): Promise<void> {
  const [tool, program = ''] = process.argv.splice(2, 2) as [Tool, string?]
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      instances: { type: 'string', default: '3' },
      'time-scale': { type: 'string', default: '1' },
      pause: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  })
  const script = tool === 'k6' ? k6Scripts[positionals[0] ?? ''] : 'tests/load/artillery-config.yml'
  const isNumeric = [values.instances, values['time-scale'], values.pause].every((value) => Number(value) >= 0)
  if (values.help || script === undefined || !isNumeric) {
    process.stdout.write(help)
    process.exitCode = values.help ? 0 : 2
    return
  }
  await mkdir(folder, { recursive: true })
  const simulator = await openSimulatorProcess()
  let cluster: Cluster | null = null
  try {
    const instances = Number(values.instances)
    const env = { ...toOutboundEnv(simulator), ...(tool === 'artillery' ? oneAddress : {}) }
    cluster = await openCluster({ instances, env, agents: toTestAgents(simulator) })
    await seedUsers(cluster.databaseUrl, people)
    const { url } = cluster
    const args = toArguments(tool, script, { url, timeScale: Number(values['time-scale']) })
    const child = spawnTool(program, args, {
      BASE_URL: url,
      PASSWORD: seededPassword,
      PEOPLE: String(people),
      REPORT_DIR: folder,
      TIME_SCALE: values['time-scale'],
      PAUSE_S: values.pause,
    })
    process.exitCode = await measureCpu(child, { cluster, simulator, tool })
  } finally {
    await cluster?.close()
    await simulator.close()
  }
}

function toArguments(tool: Tool, script: string, load: { url: string; timeScale: number }): string[] {
  // Each person has an address of their own, as in life: limits count by address before anybody is known.
  if (tool === 'k6') return ['run', '--quiet', '--local-ips', '127.0.0.0/8', script]
  const phases = [
    { name: 'warm up', duration: 15, arrivalRate: 1, rampTo: 5 },
    { name: 'load', duration: 60, arrivalRate: 5 },
  ].map((phase) => ({ ...phase, duration: Math.max(1, Math.round(phase.duration * load.timeScale)) }))
  const overrides = load.timeScale === 1 ? [] : ['--overrides', JSON.stringify({ config: { phases } })]
  return ['run', '--target', load.url, ...overrides, '--output', `${folder}/artillery.json`, script]
}

function spawnTool(program: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  const command = program.endsWith('k6')
    ? toBoundCommand(program, args)
    : toBoundCommand(process.execPath, [program, ...args])
  return spawn(...command, { stdio: 'inherit', env: { ...process.env, ...env } })
}

/** Tells who used the cores while the tool ran; gives the tool's exit code. */
async function measureCpu(
  child: ChildProcess,
  parts: { cluster: Cluster; simulator: SimulatorProcess; tool: Tool },
): Promise<number> {
  const meter = startCpuMeter(() => ({
    ...readClusterCpu(parts.cluster),
    simulator: readCpuSeconds([parts.simulator.pid()]),
    [parts.tool]: readCpuSeconds(listProcessTree(child.pid ?? 0)),
  }))
  const [code] = (await once(child, 'exit')) as [number | null]
  process.stdout.write(meter.stop())
  return code ?? 1
}

await main()
