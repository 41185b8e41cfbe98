import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toBoundCommand } from './process-tree.ts'
import { findFreePort } from './start-server.ts'

export interface RedisServer {
  url: string
  port: number
  pid(): number
  /** SIGKILL and gone; `start` brings an empty one at the same address. */
  kill(): Promise<void>
  start(): Promise<void>
  /** SIGSTOP: connections stay, nothing answers. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

async function waitUntilReady(server: ChildProcess): Promise<void> {
  let text = ''
  for await (const chunk of server.stdout ?? []) {
    text += String(chunk)
    if (text.includes('Ready to accept connections')) return
  }
  throw new Error(`Redis did not start:\n${text}`)
}

/** A Redis of its own, without persistence, on a free port. */
export async function openRedisServer(options: { port?: number } = {}): Promise<RedisServer> {
  const port = options.port ?? (await findFreePort())
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-redis-'))
  let server: ChildProcess

  async function start(): Promise<void> {
    const settings = { port: String(port), bind: '127.0.0.1', save: '', dir: folder, maxclients: '10000' }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    // It must not outlive a test run that is killed.
    server = spawn(...toBoundCommand('redis-server', args), { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    await waitUntilReady(server)
    server.stdout?.resume()
  }

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  await start()
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    pid: () => server.pid ?? 0,
    kill,
    start,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
