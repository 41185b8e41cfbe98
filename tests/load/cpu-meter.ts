import { availableParallelism } from 'node:os'

const PERIOD_MS = 10_000

/**
 * Who used the machine in the busiest ten seconds: the load and its agents share it with the cluster, and where all cores
 * are full a latency says as much about them. `read`: CPU seconds so far by part.
 */
export function startCpuMeter(read: () => Record<string, number>) {
  let last = { atMs: performance.now(), seconds: read() }
  let busiest: [part: string, cores: number][] = []
  const total = (parts: typeof busiest) => parts.reduce((sum, [, cores]) => sum + cores, 0)
  const timer = setInterval(() => {
    const now = { atMs: performance.now(), seconds: read() }
    const toCores = (used: number) => (used * 1000) / (now.atMs - last.atMs)
    const parts = Object.entries(now.seconds).map(([part, seconds]): [string, number] => {
      return [part, toCores(seconds - (last.seconds[part] ?? 0))]
    })
    if (total(parts) > total(busiest)) busiest = parts
    last = now
  }, PERIOD_MS)
  return {
    /** One line for the terminal; none for a run of less than ten seconds. */
    stop(): string {
      clearInterval(timer)
      if (busiest.length === 0) return ''
      const parts = busiest.map(([part, cores]) => `${part} ${cores.toFixed(2)}`).join(', ')
      return `  cores used in the busiest 10 s, of ${String(availableParallelism())}: ${total(busiest).toFixed(2)} (${parts})\n`
    },
  }
}
