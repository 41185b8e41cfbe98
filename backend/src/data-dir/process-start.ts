import { readFileSync } from 'node:fs'

/** The fields of /proc/<pid>/stat from the third on (state first); null where there is no such process or no /proc. */
function findStatFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    // The second field, the program's name, may hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/**
 * When a process started, in the kernel's ticks since boot; null where the system does not tell. Together with the pid
 * it names one process, while a pid alone is given to another one day.
 */
export function findProcessStart(pid: number): string | null {
  return findStatFields(pid)?.[19] ?? null
}

/** Whether a process of this pid runs, be it somebody else's. A zombie has ended; only its parent has not looked yet. */
export function isProcessAlive(pid: number): boolean {
  if (findStatFields(pid)?.[0] === 'Z') return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
