import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** Sign-ins offered at a fixed rate, whatever becomes of them; given as JSON in the first argument. */
export interface LoginPlan {
  port: number
  attemptsPerS: number
  durationS: number
  /** Of each second: how many are by people with the right password. */
  legitimatePerS: number
  password: string
  /** `deviceCookie` null: a browser that has never signed in. */
  people: readonly { email: string; deviceCookie: string | null }[]
}

export interface LoginOutcome {
  kind: 'attack' | 'known-device' | 'stranger'
  status: number
  tookMs: number
}

/** Printed as one JSON line. */
export interface LoginReport {
  outcomes: LoginOutcome[]
  driverCpuS: number
}

/** Half of the attack comes from a handful of addresses, half from an address each. */
const handful = 4
const agent = new Agent({ keepAlive: true, maxSockets: Infinity })

async function main(): Promise<void> {
  const plan = JSON.parse(process.argv[2] ?? '{}') as LoginPlan
  const startCpu = process.cpuUsage()
  const startMs = performance.now()
  const total = plan.attemptsPerS * plan.durationS
  const everyLegitimate = Math.round(plan.attemptsPerS / plan.legitimatePerS)
  const outcomes = await Promise.all(
    Array.from({ length: total }, async (_, index) => {
      await delay((index * 1000) / plan.attemptsPerS - (performance.now() - startMs))
      return index % everyLegitimate === 0
        ? tryPerson(plan, Math.floor(index / everyLegitimate))
        : tryAttack(plan, index)
    }),
  )
  const cpu = process.cpuUsage(startCpu)
  const report: LoginReport = { outcomes, driverCpuS: (cpu.user + cpu.system) / 1e6 }
  process.stdout.write(JSON.stringify(report), () => process.exit(0))
}

function tryPerson(plan: LoginPlan, index: number): Promise<LoginOutcome> {
  const person = plan.people[index % plan.people.length]
  if (person === undefined) throw new Error('nobody to sign in')
  const { email, deviceCookie } = person
  const address = `10.1.${String(Math.floor(index / 250) % 250)}.${String(index % 250)}`
  return send(plan, deviceCookie === null ? 'stranger' : 'known-device', { email, password: plan.password }, address, {
    ...(deviceCookie === null ? {} : { cookie: deviceCookie }),
  })
}

function tryAttack(plan: LoginPlan, index: number): Promise<LoginOutcome> {
  const isHandful = index % 2 === 0
  const address = isHandful
    ? `10.2.0.${String((index / 2) % handful)}`
    : `10.${String(3 + Math.floor(index / 62_500))}.${String(Math.floor(index / 250) % 250)}.${String(index % 250)}`
  const victim = plan.people[index % plan.people.length]
  // Lists of stolen passwords are tried on accounts there are and on others.
  const email = index % 3 === 0 && victim ? victim.email : `nobody${String(index)}@example.com`
  return send(plan, 'attack', { email, password: `wrong password ${String(index)}` }, address, {})
}

function send(
  plan: LoginPlan,
  kind: LoginOutcome['kind'],
  body: object,
  address: string,
  more: Record<string, string>,
): Promise<LoginOutcome> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address, ...more }
  const startMs = performance.now()
  return new Promise((resolve) => {
    const finish = (status: number): void => resolve({ kind, status, tookMs: performance.now() - startMs })
    const sent = request(
      { host: '127.0.0.1', port: plan.port, path: '/api/auth/login', method: 'POST', headers, agent },
      (response) => {
        response.resume().on('end', () => finish(response.statusCode ?? 0))
      },
    )
    sent.on('error', () => finish(0))
    sent.end(JSON.stringify(body))
  })
}

await main()
