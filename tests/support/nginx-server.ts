import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeNginxFiles, type NginxPlan } from './nginx-config.ts'
import { listProcessTree, toBoundCommand } from './process-tree.ts'
import { findFreePort } from './start-server.ts'

const run = promisify(execFile)
const startLimitMs = 10_000

export interface NginxServer {
  /** Without TLS. */
  url: string
  port: number
  /** With TLS and HTTP/2, by a certificate that only this machine has reason to trust. */
  tlsUrl: string
  /** Answers every request with a redirect to https. */
  redirectUrl: string
  /** Of the master; its workers lie below it. */
  pid(): number
  readErrorLog(): Promise<string>
  /** All connections through it break at once; new ones work. */
  breakConnections(): void
  close(): Promise<void>
}

export interface NginxOptions extends Pick<NginxPlan, 'workers'> {
  instances: readonly string[]
}

/** The real nginx with the shipped files in front of these instances, on free ports, in a folder of its own. */
export async function openNginx(options: NginxOptions): Promise<NginxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-nginx-'))
  // The workers are another user, and write large bodies there.
  await chmod(folder, 0o711)
  const [tlsPort, plainPort, redirectPort] = [await findFreePort(), await findFreePort(), await findFreePort()]
  const file = await writeNginxFiles({ ...options, folder, tlsPort, plainPort, redirectPort })
  const child = spawn(...toBoundCommand('nginx', ['-c', file, '-g', 'daemon off;'], 'SIGTERM'), {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  try {
    await waitUntilListening(plainPort, child)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return {
    url: `http://127.0.0.1:${plainPort}`,
    port: plainPort,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    redirectUrl: `http://127.0.0.1:${redirectPort}`,
    pid: () => child.pid ?? 0,
    breakConnections() {
      const [, ...workers] = listProcessTree(child.pid ?? 0)
      for (const pid of workers) process.kill(pid, 'SIGKILL')
    },
    readErrorLog: () => readFile(join(folder, 'error.log'), 'utf8'),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What `nginx -t` says of the shipped files; throws when it does not accept them. */
export async function checkNginxFiles(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-nginx-check-'))
  const ports = { tlsPort: 60_443, plainPort: 60_081, redirectPort: 60_080 }
  try {
    const file = await writeNginxFiles({ ...ports, folder, instances: ['127.0.0.1:3001'] })
    return (await run('nginx', ['-t', '-c', file])).stderr
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function waitUntilListening(port: number, child: ChildProcess): Promise<void> {
  let complaint = ''
  child.stderr?.on('data', (chunk) => {
    complaint += String(chunk)
  })
  const giveUpMs = Date.now() + startLimitMs
  while (Date.now() < giveUpMs) {
    if (child.exitCode !== null) throw new Error(`nginx ended while starting:\n${complaint}`)
    if (await isListening(port)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nginx was not there within ${startLimitMs} ms`)
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const tell = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => tell(true))
    socket.once('error', () => tell(false))
  })
}
