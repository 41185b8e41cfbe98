import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSimulator } from '@llmchat/simulator/open-simulator'
import { createHttpClient } from '../support/create-http-client.ts'
import { adminEmail, adminPassword, startServer, type TestServer } from '../support/start-server.ts'
import { toOutboundEnv, toTestAgents } from '../support/test-agents.ts'
import { installSchemathesis } from './install-schemathesis.ts'
import { openSpoiler } from './open-spoiler.ts'

/** `schema`: an answer that is not as described; `status`: a server error. Each must be found. */
export type Spoil = 'none' | 'schema' | 'status'

export interface FuzzOptions {
  /** About so many, shared by the ways of asking. */
  requests: number
  seed: number
  spoil?: Spoil
  /** One operation alone, as `GET /api/agents`. */
  only?: string
}

export interface FuzzResult {
  /** That the server answered. */
  requests: number
  /** What schemathesis reports, for each way of asking that failed. */
  findings: string[]
}

/** What ends the server, or the right of who asks: ids are taken from earlier answers, so that these would be hit. */
const excluded = [
  'PUT /api/admin/instances/{instanceId}/drain',
  'POST /internal/cli',
  'POST /api/auth/logout',
  'DELETE /api/auth/login-sessions',
  'DELETE /api/auth/login-sessions/{loginSessionId}',
  'DELETE /api/auth/api-keys/{apiKeyId}',
  'DELETE /api/admin/users/{userId}/api-keys/{apiKeyId}',
  'DELETE /api/admin/users/{userId}/login-sessions',
  'DELETE /api/admin/users/{userId}/login-sessions/{loginSessionId}',
  'PATCH /api/admin/users/{userId}',
]

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]

interface Asker {
  name: string
  /** Answers 200 as long as they may ask. */
  probe: string
  headers: Record<string, string>
}

/** An administrator: by API key, by the browser's cookie, and as a directory, whose scope stands alone. */
async function createAskers(server: TestServer): Promise<Asker[]> {
  const client = createHttpClient(server.url)
  await client.request('/api/auth/login', { body: { email: adminEmail, password: adminPassword } })
  async function createKey(...scopes: string[]): Promise<Record<string, string>> {
    const made = await client.request('/api/auth/api-keys', { body: { name: 'fuzz', scopes } })
    if (made.status !== 201) throw new Error(`the API key was refused: ${made.text}`)
    return { Authorization: `Bearer ${(made.json() as { secret: string }).secret}` }
  }

  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return [
    { name: 'API key', probe: '/api/admin/users', headers: await createKey('read', 'chat', 'admin') },
    { name: 'directory', probe: '/scim/v2/Users', headers: await createKey('scim') },
    {
      name: 'browser',
      probe: '/api/admin/users',
      headers: { Cookie: cookie, 'X-XSRF-TOKEN': client.cookies.get('XSRF-TOKEN') ?? '' },
    },
  ]
}

async function countOperations(url: string): Promise<number> {
  const { paths } = (await (await fetch(`${url}/api/openapi.json`)).json()) as { paths: Record<string, object> }
  return Object.values(paths).reduce((sum, operations) => sum + Object.keys(operations).length, 0)
}

async function countRequests(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('llmchat_http_requests_total{'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

async function runSchemathesis(
  url: string,
  asker: Asker,
  { examples, seed, only }: { examples: number; seed: number; only: string | undefined },
): Promise<string | null> {
  const program = installSchemathesis()
  const args = [
    ['run', `${url}/api/openapi.json`, '--phases', 'fuzzing', '--checks', checks.join(',')],
    ['--max-examples', String(examples), '--seed', String(seed), '--workers', '2', '--continue-on-failure'],
    ['--suppress-health-check', 'all', '--warnings', 'off', '--request-timeout', '30', '--no-color'],
    Object.entries(asker.headers).flatMap(([name, value]) => ['--header', `${name}:${value}`]),
    only === undefined ? excluded.flatMap((name) => ['--exclude-name', name]) : ['--include-name', only],
  ].flat()
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-fuzz-'))
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  await rm(folder, { recursive: true, force: true })
  return code === 0 ? null : `${asker.name}:\n${output.slice(-20_000)}`
}

/** Whoever is shut out, or asks a server that ended, finds nothing wrong any more. Null: they may still ask. */
async function findLost(url: string, { name, probe, headers }: Asker): Promise<string | null> {
  const status = await fetch(url + probe, { headers }).then(
    (response) => response.status,
    () => 'no answer',
  )
  return status === 200 ? null : `${name} was shut out on the way: ${probe} gives ${status}`
}

/** Starts a server of its own with simulated agents, and asks it what its own description allows and what it does not. */
export async function fuzzApi(options: FuzzOptions): Promise<FuzzResult> {
  const simulator = await openSimulator({ defaultPlan: 'tokens=3,ttft=0,gap=0' })
  const server = await startServer({ agents: toTestAgents(simulator), env: toOutboundEnv(simulator) })
  const spoiler = await openSpoiler(server.url, options.spoil ?? 'none')
  try {
    const askers = await createAskers(server)
    const before = await countRequests(server.url)
    const operations = options.only === undefined ? await countOperations(server.url) : 1
    const examples = Math.max(1, Math.ceil(options.requests / askers.length / operations))
    const findings: string[] = []
    for (const asker of askers) {
      const finding = await runSchemathesis(spoiler.url, asker, { examples, seed: options.seed, only: options.only })
      if (finding !== null) findings.push(finding)
      const lost = await findLost(server.url, asker)
      if (lost !== null) return { requests: 0, findings: [...findings, lost] }
    }
    return { requests: (await countRequests(server.url)) - before, findings }
  } finally {
    await spoiler.close()
    await server.close()
    await simulator.close()
  }
}
