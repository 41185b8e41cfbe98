import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { toBoundCommand } from './process-tree.ts'

const run = promisify(execFile)
const program = 'backend/dist/llmchat.js'
// Below the time a hook may take; a machine that runs other things as well needs most of it for the first start.
const readyLimitMs = 110_000
// Well above DRAIN_FORCE_MS.
const endLimitMs = 60_000

/** One process of the built server, which can be ended and started again at the same address. */
export interface ServerProcess {
  readonly url: string
  readonly port: number
  pid(): number
  /** Runs the command line with the same settings. */
  cli(...args: string[]): Promise<{ stdout: string; stderr: string }>
  /** Resolves when the process is gone; SIGKILL is a crash, SIGTERM a shut-down. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** SIGSTOP: it holds its connections and answers nothing. */
  pause(): void
  resume(): void
  /** Resolves with how the process ended. */
  exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Resolves when it is ready for requests. `env` is for this start alone. */
  start(env?: Record<string, string>): Promise<void>
}

interface ServerProcessOptions {
  port: number
  env: NodeJS.ProcessEnv
  /** Receives all it writes; default: its errors go where ours go. */
  logFile?: string
}

/** As docs/OPERATIONS.md advises for services. */
const mallocEnv = { MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '131072' }

/** Nothing runs until `start` is called. */
export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  const url = `http://127.0.0.1:${options.port}`
  const baseEnv = { ...mallocEnv, ...options.env, PORT: String(options.port) }
  let child: ChildProcess | null = null

  function getChild(): ChildProcess {
    if (!child) throw new Error('the server was not started')
    return child
  }

  async function exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const one = getChild()
    if (one.exitCode === null && one.signalCode === null) await once(one, 'exit')
    return { code: one.exitCode, signal: one.signalCode }
  }

  return {
    url,
    port: options.port,
    pid: () => getChild().pid ?? 0,
    cli: (...args) => run(process.execPath, [program, ...args], { env: baseEnv }),
    async kill(signal) {
      getChild().kill(signal)
      const isGone = await Promise.race([exited().then(() => true), delay(endLimitMs, false, { ref: false })])
      if (!isGone) throw new Error(`the server did not end within ${endLimitMs} ms after ${signal}`)
    },
    pause: () => void getChild().kill('SIGSTOP'),
    resume: () => void getChild().kill('SIGCONT'),
    exited,
    async start(env = {}) {
      const log = options.logFile === undefined ? null : openSync(options.logFile, 'a')
      child = spawn(...toBoundCommand(process.execPath, [program, 'serve']), {
        env: { ...baseEnv, ...env },
        stdio: ['ignore', log ?? 'ignore', log ?? 'inherit'],
        // Ctrl-C at a terminal goes to whole groups; who started it ends it, in order.
        detached: true,
      })
      if (log !== null) closeSync(log)
      await waitUntilReady(url, child)
    },
  }
}

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
