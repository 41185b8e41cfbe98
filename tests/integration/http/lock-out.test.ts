import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HttpClient, HttpReply } from '../../support/create-http-client.ts'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

const ATTEMPTS = 5
let app: TestApp

beforeAll(async () => {
  app = await openTestApp({ config: { loginAttemptsPerMinute: ATTEMPTS, trustedProxies: ['127.0.0.1'] } })
})
afterAll(() => app.close())

let lastHost = 0

/** Everybody comes by the proxy, from an address of their own. */
function toAddress(): string {
  lastHost += 1
  return `198.51.${String(100 + Math.floor(lastHost / 250))}.${String((lastHost % 250) + 1)}`
}

function login(client: HttpClient, email: string, password: string, address: string): Promise<HttpReply> {
  return client.request('/api/auth/login', { body: { email, password }, headers: { 'x-forwarded-for': address } })
}

async function fail(email: string, address: string): Promise<number> {
  return (await login(app.createClient(), email, 'wrong', address)).status
}

describe('failures of one address', () => {
  test('close the account for that address alone', async () => {
    const { email } = await app.signIn()
    const attacker = toAddress()
    const statuses: number[] = []
    for (let attempt = 0; attempt < ATTEMPTS + 2; attempt += 1) statuses.push(await fail(email, attacker))
    expect(statuses).toEqual([...Array<number>(ATTEMPTS).fill(401), 429, 429])
    const right = await login(app.createClient(), email, app.password, attacker)
    expect(right.status).toBe(429)
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await login(app.createClient(), email, app.password, toAddress())).status).toBe(200)
  })

  test('do not hit a device, also behind that address, that has signed in before', async () => {
    const { client, email } = await app.signIn()
    const shared = toAddress()
    for (let attempt = 0; attempt < ATTEMPTS + 1; attempt += 1) await fail(email, shared)
    expect((await login(client, email, app.password, shared)).status).toBe(200)
  })
})

describe('failures of a botnet', () => {
  test('close the account for strangers, and leave known devices alone', async () => {
    const { client, email } = await app.signIn()
    const statuses = new Set<number>()
    for (let attempt = 0; attempt < ATTEMPTS * 10 + 1; attempt += 1) statuses.add(await fail(email, toAddress()))
    expect(statuses).toEqual(new Set([401, 429]))
    expect((await login(app.createClient(), email, app.password, toAddress())).status).toBe(429)
    expect((await login(client, email, app.password, toAddress())).status).toBe(200)
  }, 60_000)
})

describe('a known device', () => {
  test('has no more attempts than others, and none for other accounts', async () => {
    const { client, email } = await app.signIn()
    const statuses: number[] = []
    for (let attempt = 0; attempt < ATTEMPTS + 1; attempt += 1) {
      statuses.push((await login(client, email, 'wrong', toAddress())).status)
    }
    expect(statuses.at(-1)).toBe(429)
    const other = await app.signIn()
    const stranger = toAddress()
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) await login(client, other.email, 'wrong', stranger)
    expect((await login(client, other.email, app.password, stranger)).status).toBe(429)
  })
})

describe('an unknown account', () => {
  test('is answered like a wrong password, in the same time, and closes in the same way', async () => {
    const { email } = await app.signIn()
    const unknown = 'nobody@example.com'
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let round = 0; round < 9; round += 1) {
      for (const [kind, address] of [['known', email] as const, ['unknown', unknown] as const]) {
        const startMs = performance.now()
        const reply = await login(app.createClient(), address, 'wrong', toAddress())
        times[kind].push(performance.now() - startMs)
        expect(reply.json()).toMatchObject({ error: { code: 'invalid_credentials' } })
      }
    }
    const [known, other] = [toMedian(times.known), toMedian(times.unknown)]
    expect(Math.abs(known - other) / Math.max(known, other)).toBeLessThan(0.4)
    const attacker = toAddress()
    const statuses: number[] = []
    for (let attempt = 0; attempt < ATTEMPTS + 1; attempt += 1) statuses.push(await fail(unknown, attacker))
    expect(statuses).toEqual([...Array<number>(ATTEMPTS).fill(401), 429])
  })
})

describe('more than the hasher can do', () => {
  test('is refused at once with the time to wait, one address can’t keep a known device out', async () => {
    const { client, email } = await app.signIn()
    const crowd = Array.from({ length: 80 }, async (_, index) => {
      const startMs = performance.now()
      const reply = await login(app.createClient(), `a${String(index)}@example.com`, 'wrong', toAddress())
      return { reply, tookMs: performance.now() - startMs }
    })
    const own = await login(client, email, app.password, toAddress())
    expect(own.status).toBe(200)
    const replies = await Promise.all(crowd)
    const refused = replies.filter(({ reply }) => reply.status === 429)
    expect(refused.length).toBeGreaterThanOrEqual(50)
    expect(replies.length - refused.length).toBeGreaterThanOrEqual(16)
    for (const { reply } of refused) {
      expect(reply.json()).toMatchObject({ error: { code: 'rate_limited' } })
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(Math.max(...refused.map(({ tookMs }) => tookMs))).toBeLessThan(1000)
  })

  test('from one address: the others get in', async () => {
    const crowded = toAddress()
    const crowd = Array.from({ length: 40 }, (_, index) => fail(`b${String(index)}@example.com`, crowded))
    const { status } = await login(app.createClient(), 'c@example.com', 'wrong', toAddress())
    expect(status).toBe(401)
    expect((await Promise.all(crowd)).filter((one) => one === 401).length).toBeLessThanOrEqual(8)
  })
})

function toMedian(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
