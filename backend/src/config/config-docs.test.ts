import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { toConfigPage, toEnvExample } from './config-docs.ts'
import { createConfig } from './create-config.ts'

const root = new URL('../../../', import.meta.url)

test.each(['.env.example', 'backend/.env.example'])('%s is what the settings say', async (path) => {
  expect(await readFile(new URL(path, root), 'utf8')).toBe(toEnvExample())
})

test('docs/CONFIG.md is what the settings say', async () => {
  const page = new URL('docs/CONFIG.md', root)
  const formatted = await format(toConfigPage(), { ...(await resolveConfig(page)), parser: 'markdown' })
  expect(await readFile(page, 'utf8')).toBe(formatted)
})

test('every example, taken as it stands, keeps its own rule', () => {
  const examples = parseEnv(toEnvExample().replaceAll(/^#(?=[A-Z_]+=)/gm, ''))
  // For a loopback HOST alone, which the example is not.
  delete examples['FAILPOINT']
  const usable = Object.entries(examples).filter(([, value]) => !value?.startsWith('('))
  expect(usable.length).toBeGreaterThan(25)
  const secret = 'dJ3kX9vQ2mZr7LwT5hYbN8sPaGcEfU4i'
  const secrets = { SECRET_KEY: secret, ADMIN_PASSWORD: 'another secret', LDAP_BIND_PASSWORD: 'a third secret' }
  const config = createConfig({ ...Object.fromEntries(usable), ...secrets })
  expect(config.mode).toBe('production')
})
