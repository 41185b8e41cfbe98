import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChatClient } from '../../support/chat-client.ts'
import { openCluster, type Cluster } from '../../support/cluster/open-cluster.ts'
import { listProcessTree } from '../../support/process-tree.ts'
import { createHttpClient } from '../../support/create-http-client.ts'
import { adminEmail, adminPassword } from '../../support/start-server.ts'

let cluster: Cluster
const loginAttempts = 3

beforeAll(async () => {
  cluster = await openCluster({
    instances: 2,
    hasWires: true,
    env: { LOGIN_ATTEMPTS_PER_MINUTE: String(loginAttempts), RATE_LIMIT_PER_MINUTE: '0' },
  })
})
afterAll(() => cluster.close())

describe('a cluster on one machine', () => {
  it('lets a login made on one instance count on all, without sticky sessions', async () => {
    const client = createHttpClient(cluster.url)
    const login = await client.request('/api/auth/login', { body: { email: adminEmail, password: adminPassword } })
    expect(login.status).toBe(200)
    for (const { url } of cluster.instances) {
      const direct = createHttpClient(url)
      for (const [name, value] of client.cookies) direct.cookies.set(name, value)
      expect((await direct.request('/api/auth/me')).status).toBe(200)
      const title = `from ${url}`
      const saved = await direct.request('/api/chat/sessions/none', { method: 'PATCH', body: { title } })
      // The CSRF token of one instance is good at the other: it got as far as looking for the chat.
      expect(saved.status).toBe(404)
    }
  })

  it('counts attempts to sign in by the real address, whatever a client claims', async () => {
    const attempt = (index: number) =>
      fetch(`${cluster.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${index}` },
        body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong password wrong' }),
      })
    const statuses = []
    // Counted by each instance, so the limit is reached after at most as many times as there are instances.
    for (let index = 0; index < loginAttempts * 2 + 1; index += 1) statuses.push((await attempt(index)).status)
    expect(statuses).toContain(429)
    // The header of a peer that is trusted is believed: from nginx it would be, had nginx let it through.
    const trusted = await fetch(`${cluster.instances[0]?.url ?? ''}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.200' },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong password wrong' }),
    })
    expect(trusted.status).toBe(401)
  })

  it('serves on while an instance is gone, and takes it back', async () => {
    const [first] = cluster.instances
    const client = createChatClient({ url: cluster.url, apiKey: cluster.apiKey })
    const ask = async () => (await client.get('/api/agents')).status
    await first?.kill('SIGKILL')
    for (let round = 0; round < 6; round += 1) expect(await ask()).toBe(200)
    await first?.start()
    expect((await fetch(`${first?.url ?? ''}/health/ready`)).status).toBe(200)
    expect(await ask()).toBe(200)
  })

  it('can cut one instance off from the database while the other goes on', async () => {
    const [first, second] = cluster.instances
    const isReady = async (url = '') => (await fetch(`${url}/health/ready`)).status
    first?.postgresWire?.cut()
    await expect.poll(() => isReady(first?.url), { timeout: 10_000 }).toBe(503)
    expect(await isReady(second?.url)).toBe(200)
    first?.postgresWire?.heal()
    await expect.poll(() => isReady(first?.url), { timeout: 20_000 }).toBe(200)
  })

  it('survives a crash of PostgreSQL with its data, and one that hangs', async () => {
    const client = createChatClient({ url: cluster.url, apiKey: cluster.apiKey })
    const ask = async () => (await client.get('/api/chat/sessions')).status
    await cluster.postgres.kill('SIGQUIT')
    await cluster.postgres.start()
    await expect.poll(ask, { timeout: 20_000 }).toBe(200)
    cluster.postgres.pause()
    const statuses = listProcessTree(cluster.postgres.pid()).length
    expect(statuses).toBeGreaterThan(3)
    await expect
      .poll(async () => (await fetch(`${cluster.instances[1]?.url ?? ''}/health/ready`)).status, { timeout: 10_000 })
      .toBe(503)
    cluster.postgres.resume()
    await expect.poll(ask, { timeout: 20_000 }).toBe(200)
  })
})
