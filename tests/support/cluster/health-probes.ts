import { Agent, get } from 'node:http'

export interface ProbeFindings {
  url: string
  count: number
  /** No answer at all, or none within the limit. */
  unanswered: number
  slowestMs: number
  latenciesMs: number[]
  statuses: Record<string, number>
  /** How many answers said `isDegraded`. */
  degraded: number
}

export interface HealthProbes {
  stop(): Promise<ProbeFindings[]>
}

const limitMs = 5_000

/** Asks each instance itself, not through nginx, every `everyMs`, whether or not the last answer has come. */
export function openHealthProbes(
  instances: readonly { url: string }[],
  options: { everyMs: number; path?: string },
): HealthProbes {
  const agent = new Agent({ keepAlive: true })
  const path = options.path ?? '/health/ready'
  const findings = instances.map(({ url }): ProbeFindings => {
    const numbers = { count: 0, unanswered: 0, slowestMs: 0, degraded: 0 }
    return { url, ...numbers, latenciesMs: [], statuses: {} }
  })
  const underWay = new Set<Promise<void>>()
  const timer = setInterval(() => {
    for (const finding of findings) {
      const probe = ask(agent, finding, path).finally(() => underWay.delete(probe))
      underWay.add(probe)
    }
  }, options.everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(underWay)
      agent.destroy()
      return findings
    },
  }
}

function ask(agent: Agent, finding: ProbeFindings, path: string): Promise<void> {
  const startMs = performance.now()
  finding.count += 1
  return new Promise((resolve) => {
    const request = get(finding.url + path, { agent, timeout: limitMs }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += String(chunk)))
      response.on('error', () => undefined)
      response.on('close', () => {
        const tookMs = performance.now() - startMs
        finding.latenciesMs.push(tookMs)
        finding.slowestMs = Math.max(finding.slowestMs, tookMs)
        const status = String(response.statusCode)
        finding.statuses[status] = (finding.statuses[status] ?? 0) + 1
        if (body.includes('"isDegraded":true')) finding.degraded += 1
        resolve()
      })
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', () => {
      finding.unanswered += 1
      resolve()
    })
  })
}
