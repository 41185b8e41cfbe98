import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { toBoundCommand } from '../process-tree.ts'
import type { TestProvider } from '../test-agents.ts'

const paths: Record<TestProvider, string> = {
  openai: '/openai/v1',
  'openai-responses': '/openai/v1',
  anthropic: '/anthropic',
  fastgpt: '/fastgpt/api',
  dify: '/dify/v1',
}

/** The simulated upstreams as a process of its own, which no fault of a drill touches. */
export interface SimulatorProcess {
  url: string
  pid(): number
  baseUrl(provider: TestProvider): string
  close(): Promise<void>
}

export async function openSimulatorProcess(): Promise<SimulatorProcess> {
  const command = toBoundCommand(process.execPath, ['packages/simulator/dist/simulator.js'])
  const child = spawn(...command, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  let text = ''
  let url: string | undefined
  while (url === undefined) {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    text += chunk.toString()
    url = /listening on (\S+)\n/.exec(text)?.[1]
  }
  const origin = url
  return {
    url: origin,
    pid: () => child.pid ?? 0,
    baseUrl: (provider) => origin + paths[provider],
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
