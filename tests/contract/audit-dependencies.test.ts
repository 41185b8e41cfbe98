import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** What npm asks next about a package that has a finding. */
const packument = { name: 'fastify', 'dist-tags': { latest: '5.12.8' }, versions: { '5.12.8': { name: 'fastify' } } }

/** The command, against a registry that answers every question about advisories with `status` and `body`. */
async function runAudit(status: number, body: unknown): Promise<{ exitCode: number; output: string }> {
  const registry = createServer((request, response) => {
    const isQuestion = request.method === 'POST'
    const answer = JSON.stringify(isQuestion ? body : packument)
    request.resume().on('end', () => response.writeHead(isQuestion ? status : 200).end(answer))
  }).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  const address = `http://127.0.0.1:${String((registry.address() as AddressInfo).port)}/`
  // npm remembers findings; the invented ones must not stay with whoever runs this.
  const cache = await mkdtemp(join(tmpdir(), 'llmchat-audit-'))
  const settings = { npm_config_registry: address, npm_config_fetch_retries: '0', npm_config_cache: cache }
  const env = { ...process.env, ...settings }
  const result = await new Promise<{ exitCode: number; output: string }>((resolve) => {
    execFile(process.execPath, ['scripts/audit-dependencies.mjs'], { env }, (error, stdout) =>
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: stdout }),
    )
  })
  registry.closeAllConnections()
  registry.close()
  await rm(cache, { recursive: true })
  return result
}

const advisory = (severity: string) => ({
  fastify: [
    {
      id: 1,
      url: 'https://github.com/advisories/GHSA-test',
      title: 'A made-up hole',
      severity,
      vulnerable_versions: '<99.0.0',
      cwe: [],
      cvss: { score: 9, vectorString: null },
    },
  ],
})

test('a registry without advisories is told apart from one that knows of none', async () => {
  const without = await runAudit(405, {})
  expect(without).toMatchObject({ exitCode: 0, output: expect.stringContaining('NOT RUN') as string })
  const clean = await runAudit(200, {})
  expect(clean).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^RUN: 0 findings/m) as string })
})

test('a high finding fails the command and is named; a low one is named', async () => {
  const high = await runAudit(200, advisory('high'))
  expect(high.output).toContain('A made-up hole')
  expect(high.exitCode).toBe(1)
  const low = await runAudit(200, advisory('low'))
  expect(low.output).toContain('A made-up hole')
  expect(low.exitCode).toBe(0)
})
