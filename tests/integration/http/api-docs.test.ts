import { readFile, rm } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from '../../../backend/src/app.ts'
import { createCommandRunner } from '../../../backend/src/cli/commands.ts'
import { createConfig } from '../../../backend/src/config/create-config.ts'
import { toErrorsPage } from '../../../backend/src/http/errors/to-errors-page.ts'
import { createHttpClient } from '../../support/create-http-client.ts'
import { createTestDataDir } from '../../support/open-test-database.ts'

const docs = new URL('../../../docs/', import.meta.url)

interface Operation {
  summary?: string
  tags?: string[]
  responses: Record<string, unknown>
}
interface Description {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}

let app: App
let dataDir: string
let description: Description

// The whole program: what it says of itself must not depend on what a test wires together.
beforeAll(async () => {
  dataDir = await createTestDataDir()
  const config = createConfig({ DATA_DIR: dataDir, PORT: '0', DEMO_AGENTS: '0', LOG_LEVEL: 'silent', DRAIN_MS: '1' })
  app = await openApp({ config, lock: null, createCommandRunner })
  description = (await createHttpClient(app.url).request('/api/openapi.json')).json() as Description
})
afterAll(async () => {
  await app.close()
  await rm(dataDir, { recursive: true })
})

// Written anew by `npm run generate:api`.
test('docs/openapi.json is what the server says', async () => {
  expect(description.openapi).toBe('3.1.0')
  const text = `${JSON.stringify(description, null, 2)}\n`
  await expect(text).toMatchFileSnapshot(new URL('openapi.json', docs).pathname)
})

test('docs/ERRORS.md is what the catalogue says', async () => {
  const filepath = new URL('ERRORS.md', docs).pathname
  // As the formatter would leave it.
  const text = await format(toErrorsPage(), { ...(await resolveConfig(filepath)), filepath })
  await expect(text).toMatchFileSnapshot(filepath)
})

test('every operation says what it does and which errors it may answer', () => {
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method} ${path}`
      expect(operation.summary, name).toBeTruthy()
      expect(operation.tags, name).toHaveLength(1)
      expect(operation.responses, name).toHaveProperty('default')
    }
  }
})

test('docs/API.md names every operation, and none that is not there', async () => {
  const page = await readFile(new URL('API.md', docs), 'utf8')
  const named = [...page.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`?]*)[^`]*`/g)].map(
    (match) => `${match[1]} ${match[2]}`,
  )
  const real = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  expect([...new Set(named)].sort()).toEqual(real.sort())
})
