import { readFileSync } from 'node:fs'

/** This process and all below it, parents first; empty when it is gone. */
export function listProcessTree(pid: number): number[] {
  const children = readChildren(pid)
  return children === null ? [] : [pid, ...children.flatMap(listProcessTree)]
}

function readChildren(pid: number): number[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return null
  }
}

/** SIGSTOP to a process and all below it: the parent first, so that it starts no more of them meanwhile. */
export function pauseProcessTree(pid: number): void {
  signalAll(listProcessTree(pid), 'SIGSTOP')
}

export function resumeProcessTree(pid: number): void {
  signalAll(listProcessTree(pid).reverse(), 'SIGCONT')
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended in this very moment.
    }
  }
}

/** A command that ends with the process that starts it, however that one ends (Linux). */
export function toBoundCommand(
  program: string,
  args: readonly string[],
  signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
): [string, string[]] {
  if (process.platform !== 'linux') return [program, [...args]]
  return ['setpriv', [`--pdeathsig=${signal}`, program, ...args]]
}
