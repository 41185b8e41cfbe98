import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await openTestApp({
    config: { loginAttemptsPerMinute: 3, rateLimitPerMinute: 30, trustedProxies: ['127.0.0.1'] },
  })
})
afterAll(() => app.close())

async function logIn(email: string, address: string) {
  const body = { email, password: 'wrong' }
  return app.createClient().request('/api/auth/login', { body, headers: { 'x-forwarded-for': address } })
}

test('the fourth attempt of a minute waits, in any spelling of the e-mail; other people and addresses do not', async () => {
  for (const email of ['a@example.com', 'A@example.com', 'a@EXAMPLE.com']) {
    expect((await logIn(email, '192.0.2.1')).status).toBe(401)
  }
  const refused = await logIn('a@example.com', '192.0.2.1')
  expect(refused.status).toBe(429)
  expect(refused.json()).toMatchObject({ error: { code: 'rate_limited' } })
  const retryAfter = Number(refused.headers.get('retry-after'))
  expect(retryAfter).toBeGreaterThan(0)
  expect(retryAfter).toBeLessThanOrEqual(60)
  expect((await logIn('b@example.com', '192.0.2.1')).status).toBe(401)
  expect((await logIn('a@example.com', '192.0.2.2')).status).toBe(401)
})

test('the general limit counts per person where it is configured, and leaves health alone', async () => {
  const [one, other] = [await app.signIn(), await app.signIn()]
  const statuses: number[] = []
  for (let count = 0; count < 31; count += 1) statuses.push((await one.client.request('/api/agents')).status)
  expect(statuses.slice(0, 30).every((status) => status === 200)).toBe(true)
  expect(statuses[30]).toBe(429)
  expect((await other.client.request('/api/agents')).status).toBe(200)
  for (let count = 0; count < 35; count += 1) expect((await one.client.request('/health/live')).status).toBe(200)
})
