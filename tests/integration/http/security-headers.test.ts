import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

let plain: TestApp
let secure: TestApp

beforeAll(async () => {
  plain = await openTestApp()
  secure = await openTestApp({ config: { publicUrl: 'https://chat.example.com', trustedProxies: ['127.0.0.0/8'] } })
})
afterAll(async () => {
  await plain.close()
  await secure.close()
})

test.each(['/', '/health', '/api/auth/me', '/api/nothing'])('%s carries the strict policy', async (path) => {
  const { headers } = await plain.createClient().request(path, { headers: { accept: 'text/html' } })
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none';script-src 'self';style-src-elem 'self';style-src-attr 'unsafe-inline';" +
      "img-src 'self' data: blob:;connect-src 'self';font-src 'self';manifest-src 'self';" +
      "frame-ancestors 'none';base-uri 'none';form-action 'self'",
  )
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('permissions-policy')).toContain('camera=()')
  expect(headers.get('x-frame-options')).toBe('DENY')
})

test('browsers are told to insist on https only where people come by https', async () => {
  expect((await plain.createClient().request('/health')).headers.has('strict-transport-security')).toBe(false)
  const { headers } = await secure.createClient().request('/health')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
})

test('cookies: HttpOnly but for the CSRF token, SameSite=Lax, Secure on https', async () => {
  const [login, csrf] = await signInCookies(plain)
  expect(login).toMatch(/^llmchat_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
  expect(csrf).toMatch(/^XSRF-TOKEN=[^;]+; Path=\/; SameSite=Lax$/)
  for (const cookie of await signInCookies(secure)) expect(cookie).toMatch(/; Secure/)
})

async function signInCookies(app: TestApp): Promise<string[]> {
  const { email } = await app.signIn()
  const body = { email, password: app.password }
  return (await app.createClient().request('/api/auth/login', { body })).headers.getSetCookie()
}

test('a request id is made here, and believed only from our own proxies', async () => {
  const headers = { 'x-request-id': 'from-outside' }
  const own = await plain.createClient().request('/health', { headers })
  expect(own.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  const proxied = await secure.createClient().request('/health', { headers })
  expect(proxied.headers.get('x-request-id')).toBe('from-outside')
  const nonsense = await secure.createClient().request('/health', { headers: { 'x-request-id': 'a b"c' } })
  expect(nonsense.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-/)
})
