import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const program = 'backend/dist/llmchat.js'

export const adminEmail = 'admin@example.com'
export const adminPassword = 'a long test password'

/** The built server as a process of its own, with a data folder of its own. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Of the administrator. */
  readonly apiKey: string
  pid(): number
  /** Runs the command line on the same data folder. */
  cli(...args: string[]): Promise<{ stdout: string; stderr: string }>
  /** Resolves when the process is gone; SIGKILL is a crash, SIGTERM a shut-down. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Resolves with how the process ended. */
  exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  start(env?: Record<string, string>): Promise<void>
  /** Kills and removes the folder. */
  close(): Promise<void>
}

interface ServerOptions {
  env?: Record<string, string>
  /** Entries of an agents file, imported before the first start. */
  agents?: readonly object[]
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const port = await findFreePort()
  const dataDir = await mkdtemp(join(tmpdir(), 'llmchat-test-'))
  const baseEnv = {
    ...process.env,
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    DEMO_AGENTS: '0',
    // A test machine is busy with the tests themselves.
    GENERATION_OVERLOAD_DELAY_MS: '20000',
    ...options.env,
  }
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null

  const cli: TestServer['cli'] = (...args) => run(process.execPath, [program, ...args], { env: baseEnv })

  async function start(env: Record<string, string> = {}): Promise<void> {
    child = spawn(process.execPath, [program, 'serve'], {
      env: { ...baseEnv, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await waitUntilReady(url, child)
  }

  function getChild(): ChildProcess {
    if (!child) throw new Error('the server was not started')
    return child
  }

  async function exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const one = getChild()
    if (one.exitCode === null && one.signalCode === null) await once(one, 'exit')
    return { code: one.exitCode, signal: one.signalCode }
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    getChild().kill(signal)
    await exited()
  }

  // Through the running server: every command of its own would open the embedded database once more.
  await start()
  await cli('create-admin', '--email', adminEmail, '--password', adminPassword)
  if (options.agents) {
    const file = join(dataDir, 'agents-to-import.json')
    await writeFile(file, JSON.stringify({ agents: options.agents }))
    await cli('agents', 'import', file)
  }
  const { stdout } = await cli('create-api-key', '--email', adminEmail, '--name', 'test')
  return {
    url,
    port,
    apiKey: stdout.trim(),
    pid: () => getChild().pid ?? 0,
    cli,
    kill,
    exited,
    start,
    async close() {
      await kill('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

// Below the time a hook may take; a machine that runs other things as well needs most of it for the first start.
const readyLimitMs = 110_000

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const giveUpMs = Date.now() + readyLimitMs
  while (Date.now() < giveUpMs) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended while starting: ${child.exitCode ?? child.signalCode}`)
    if (await isReady(url)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${url} was not ready within ${readyLimitMs} ms`)
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok
  } catch {
    return false
  }
}
