import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { createHttpClient, type HttpClient } from '../support/create-http-client.ts'
import { adminEmail, adminPassword } from '../support/start-server.ts'
import type { GapPlan, GapReport } from './gap-driver.ts'
import type { LoginOutcome, LoginPlan, LoginReport } from './login-driver.ts'
import { readCpuSeconds, startLlmchat, startSimulator, type LlmchatTarget } from './processes.ts'

const run = promisify(execFile)
const toPath = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

const help = `Usage: npm run bench:login -- [options]

A login storm while answers stream: sign-ins are offered at a fixed rate, most of them with wrong passwords, from a
handful of addresses and from an address each; some by people with the right one. Prints one JSON line; the exit code is
1 when a refusal takes 50 ms or more (p95), a token comes 100 ms or more late (p99), or nobody gets in.

  --attempts N    sign-ins offered per second         (default 200)
  --legitimate N  of these, with the right password   (default 8)
  --streams N     answers that stream meanwhile       (default 300)
  --gap MS        between two tokens of an answer     (default 100)
  --seconds N     length of the storm                 (default 25)
  --help`

const limits = { refusedP95Ms: 50, addedGapP99Ms: 100 }
const people = 40
const rampS = 4

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      attempts: { type: 'string', default: '200' },
      legitimate: { type: 'string', default: '8' },
      streams: { type: 'string', default: '300' },
      gap: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '25' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${help}\n`)
    return
  }
  const load = {
    attemptsPerS: Number(values.attempts),
    legitimatePerS: Number(values.legitimate),
    streams: Number(values.streams),
    gapMs: Number(values.gap),
    durationS: Number(values.seconds),
  }
  const simulator = await startSimulator()
  const server = await startLlmchat(simulator.port, { TRUSTED_PROXIES: '127.0.0.1' })
  try {
    const known = await invitePeople(server)
    const tokens = ((load.durationS + rampS) * 1000) / load.gapMs
    const gapPlan = { ...server, ...load, tokens, rampS }
    // Compiled code and warm caches, then the same streams without a storm.
    await measureGaps({ ...gapPlan, tokens: 50, seedBase: 1 })
    const calm = await measureGaps({ ...gapPlan, tokens: 150, seedBase: 10_000 })
    const cpuBefore = readCpuSeconds(await server.pids())
    const streaming = measureGaps({ ...gapPlan, seedBase: 20_000 })
    await new Promise((resolve) => setTimeout(resolve, rampS * 1000))
    const logins = await measureLogins({ port: server.port, ...load, password: adminPassword, people: known })
    const storm = await streaming
    const serverCpuS = readCpuSeconds(await server.pids()) - cpuBefore
    const report = toReport(load.durationS, logins)
    const isMet =
      report.refusedMs.p95 < limits.refusedP95Ms &&
      storm.addedGapMs.p99 < limits.addedGapP99Ms &&
      storm.failed === 0 &&
      report.knownDevices.perS > 0
    process.stdout.write(
      `${JSON.stringify({ load, isMet, limits, ...report, gapsInStorm: storm, gapsInCalm: calm, serverCpuS: round(serverCpuS) })}\n`,
    )
    process.exitCode = isMet ? 0 : 1
  } finally {
    await server.close()
    await simulator.close()
  }
}

/** Half of them keep the cookie by which their browser is known. */
async function invitePeople(server: LlmchatTarget): Promise<LoginPlan['people']> {
  const url = `http://127.0.0.1:${String(server.port)}`
  const admin = createHttpClient(url)
  await expectStatus(admin, '/api/auth/login', { email: adminEmail, password: adminPassword }, 200)
  const known: { email: string; deviceCookie: string | null }[] = []
  for (let index = 0; index < people; index += 1) {
    const email = `person${String(index)}@example.com`
    const body = { email, role: 'member' }
    const { url: link } = (await expectStatus(admin, '/api/admin/invitations', body, 201)) as { url: string }
    const browser = createHttpClient(url)
    const accepted = { token: link.split('#')[1], password: adminPassword }
    // From an address of its own: one address makes few accounts a minute.
    const headers = { 'x-forwarded-for': `10.9.0.${String(index)}` }
    await expectStatus(browser, '/api/auth/invitation', accepted, 200, headers)
    const mark = browser.cookies.get('llmchat_device') ?? ''
    known.push({ email, deviceCookie: index % 2 === 0 ? `llmchat_device=${mark}` : null })
  }
  return known
}

async function expectStatus(
  client: HttpClient,
  path: string,
  body: object,
  status: number,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const reply = await client.request(path, { body, headers })
  if (reply.status !== status) throw new Error(`${path} answered ${String(reply.status)}: ${reply.text}`)
  return reply.json()
}

async function measureGaps(plan: GapPlan) {
  const { stdout } = await run(process.execPath, [toPath('gap-driver'), JSON.stringify(plan)], {
    maxBuffer: 256 * 1024 * 1024,
  })
  const report = JSON.parse(stdout) as GapReport
  return { ...report, addedGapMs: toPercentiles(report.addedGapMs), driverCpuS: round(report.driverCpuS) }
}

async function measureLogins(plan: LoginPlan): Promise<LoginReport> {
  const { stdout } = await run(process.execPath, [toPath('login-driver'), JSON.stringify(plan)], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return JSON.parse(stdout) as LoginReport
}

function toReport(durationS: number, { outcomes, driverCpuS }: LoginReport) {
  const statuses: Record<string, number> = {}
  for (const { status } of outcomes) statuses[status] = (statuses[status] ?? 0) + 1
  const toGroup = (kind: LoginOutcome['kind']) => {
    const all = outcomes.filter((outcome) => outcome.kind === kind)
    const entered = all.filter(({ status }) => status === 200)
    return {
      offered: all.length,
      signedIn: entered.length,
      perS: round(entered.length / durationS),
      tookMs: toPercentiles(entered.map(({ tookMs }) => tookMs)),
    }
  }
  const [knownDevices, strangers] = [toGroup('known-device'), toGroup('stranger')]
  const refused = outcomes.filter(({ status }) => status === 429)
  return {
    offeredPerS: round(outcomes.length / durationS),
    statuses,
    legitimatePerS: round(knownDevices.perS + strangers.perS),
    knownDevices,
    strangers,
    refusedMs: toPercentiles(refused.map(({ tookMs }) => tookMs)),
    loginDriverCpuS: round(driverCpuS),
  }
}

function toPercentiles(values: readonly number[]): {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
} {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -1)
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

await main()
