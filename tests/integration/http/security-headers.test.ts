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

/** Exactly these, on every answer: a header that is lost or weakened by an upgrade shows here. */
const policy = {
  'content-security-policy':
    "default-src 'none';script-src 'self';style-src-elem 'self';style-src-attr 'unsafe-inline';" +
    "img-src 'self' data: blob:;connect-src 'self';font-src 'self';manifest-src 'self';" +
    "frame-ancestors 'none';base-uri 'none';form-action 'self'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
}

test.each(['/', '/health', '/api/auth/me', '/api/auth/state', '/api/nothing', '/v1/models'])(
  '%s carries exactly the strict policy',
  async (path) => {
    const { headers } = await plain.createClient().request(path, { headers: { accept: 'text/html' } })
    expect(Object.fromEntries([...headers].filter(([name]) => name in policy))).toEqual(policy)
    expect(headers.get('content-type')).toMatch(/^(?:text\/html|application\/json); charset=utf-8$/)
    expect(headers.has('x-powered-by') || headers.has('server')).toBe(false)
  },
)

test('browsers are told to insist on https only where people come by https', async () => {
  expect((await plain.createClient().request('/health')).headers.has('strict-transport-security')).toBe(false)
  const { headers } = await secure.createClient().request('/health')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
})

test('no other origin is let in, whatever it asks', async () => {
  for (const origin of ['https://evil.example', 'https://chat.example.com.evil.example', 'null']) {
    for (const [path, method] of [
      ['/api/auth/me', 'OPTIONS'],
      ['/api/auth/me', 'GET'],
      ['/v1/models', 'GET'],
    ] as const) {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-xsrf-token',
      }
      const reply = await secure.createClient().request(path, { method, headers })
      expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
      expect(reply.status).toBeGreaterThanOrEqual(400)
    }
  }
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
