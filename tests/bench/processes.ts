import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, startServer } from '../support/start-server.ts'

const ticksPerSecond = 100

export interface Target {
  port: number
  /** All processes whose CPU counts. */
  pids(): Promise<number[]>
  close(): Promise<void>
}

export interface LlmchatTarget extends Target {
  apiKey: string
  agentId: string
}

export async function startSimulator(): Promise<Target> {
  const port = await findFreePort()
  const child = spawnNode('packages/simulator/dist/simulator.js', [], { PORT: String(port) })
  await waitForHttp(`http://127.0.0.1:${port}/_sim/counters`)
  return toTarget(child, port)
}

/** `env`: more settings of the server. */
export async function startLlmchat(simulatorPort: number, env: Record<string, string> = {}): Promise<LlmchatTarget> {
  const baseUrl = `http://127.0.0.1:${simulatorPort}/openai/v1`
  const server = await startServer({
    agents: [{ id: 'bench', name: 'Bench', provider: 'openai', baseUrl, apiKey: 'sk-sim', model: 'sim' }],
    env: { OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${simulatorPort}`, GENERATION_MAX_RUNNING: '5000', ...env },
  })
  return {
    port: server.port,
    pids: () => Promise.resolve([server.pid()]),
    close: () => server.close(),
    apiKey: server.apiKey,
    agentId: 'bench',
  }
}

export async function startNginx(upstreamPort: number): Promise<Target> {
  const port = await findFreePort()
  const folder = mkdtempSync(join(tmpdir(), 'llmchat-nginx-'))
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, toNginxConfig(folder, port, upstreamPort))
  const child = spawn('nginx', ['-c', file, '-g', 'daemon off;'], { stdio: 'inherit' })
  await waitForHttp(`http://127.0.0.1:${port}/_sim/counters`)
  return toTarget(child, port)
}

function toNginxConfig(folder: string, port: number, upstreamPort: number): string {
  return `
worker_processes 2;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream simulator { server 127.0.0.1:${upstreamPort}; keepalive 64; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://simulator;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 600s;
    }
  }
}`
}

function spawnNode(script: string, args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function toTarget(child: ChildProcess, port: number): Target {
  const root = child.pid ?? 0
  return {
    port,
    pids: async () => [root, ...(await listChildren(root))],
    async close() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function listChildren(pid: number): Promise<number[]> {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number)
}

/**
 * User and system CPU seconds so far of these processes, all threads, with what their children took that have ended. One
 * that has ended since it was listed is counted by its parent from then on.
 */
export function readCpuSeconds(pids: readonly number[]): number {
  return pids
    .filter((pid) => existsSync(`/proc/${pid}`))
    .reduce((sum, pid) => sum + sumStatSeconds(`/proc/${pid}/stat`, [11, 12, 13, 14]), 0)
}

/** The same of each thread that lives, by thread id; the main thread has its process's. */
export function readThreadSeconds(pids: readonly number[]): Map<number, number> {
  const threads = pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((tid) => [pid, Number(tid)] as const))
  return new Map(threads.map(([pid, tid]) => [tid, sumStatSeconds(`/proc/${pid}/task/${tid}/stat`, [11, 12])]))
}

/** `fields`: of proc(5), counted from the one after the name. */
function sumStatSeconds(file: string, fields: readonly number[]): number {
  const values = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? []
  return fields.reduce((sum, field) => sum + Number(values[field]), 0) / ticksPerSecond
}

/** Starts the peak anew: what starting up needed once is no part of what a run needs. */
export function resetPeakRss(pids: readonly number[]): void {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** The highest resident set since the last reset, MB. */
export function readPeakRssMb(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const match = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(match?.[1] ?? 0)
  })
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024)
}

async function waitForHttp(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      const response = await fetch(url)
      if (response.ok) return
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not come up within 30 s`)
}
