import { expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { createConfig, type Environment } from './create-config.ts'

const oidc = {
  OIDC_ISSUER: 'https://sso.example/realms/a/',
  OIDC_CLIENT_ID: 'llmchat',
  PUBLIC_URL: 'https://chat.example',
}
const safe = { HOST: '0.0.0.0', SECRET_KEY: 'dJ3kX9vQ2mZr7LwT5hYbN8sPaGcEfU4i' }

function findProblems(environment: Environment): string[] {
  try {
    createConfig(environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((problem) => problem.variable)
  }
}

test('a provider needs an id and the address people use; the issuer stays letter by letter', () => {
  expect(createConfig({}).oidc).toBeNull()
  expect(createConfig(oidc).oidc).toMatchObject({
    issuer: 'https://sso.example/realms/a/',
    clientSecret: null,
    roleClaim: 'groups',
    roleMapping: null,
    isAutoCreate: true,
    isLinkByEmail: false,
  })
  expect(findProblems({ ...oidc, PUBLIC_URL: '' })).toEqual(['PUBLIC_URL'])
  expect(findProblems({ ...oidc, OIDC_CLIENT_ID: '' })).toEqual(['OIDC_CLIENT_ID'])
  expect(findProblems({ OIDC_CLIENT_ID: 'x' })).toEqual(['OIDC_ISSUER'])
})

test.each(['[]', '{}', 'x', '{"a":"boss"}', '{"a":1}', '"admin"'])('%s maps no roles', (text) => {
  expect(findProblems({ ...oidc, OIDC_ROLE_MAPPING: text })).toEqual(['OIDC_ROLE_MAPPING'])
})

test('passwords are switched off only where somebody can still get in', () => {
  const off = { PASSWORD_SIGN_IN: 'break-glass', BREAK_GLASS_ADMIN: 'Admin@corp.example' }
  expect(createConfig({ ...oidc, ...off }).signIn).toEqual({ breakGlassEmail: 'admin@corp.example' })
  expect(findProblems({ ...oidc, ...off, BREAK_GLASS_ADMIN: '' })).toEqual(['BREAK_GLASS_ADMIN'])
  expect(findProblems(off)).toEqual(['PASSWORD_SIGN_IN'])
})

test.each<[string, Environment, string]>([
  ['a provider without TLS', { OIDC_ISSUER: 'http://sso.example' }, 'OIDC_ISSUER'],
  ['accounts for everybody at Google', { OIDC_ISSUER: 'https://accounts.google.com' }, 'OIDC_AUTO_CREATE'],
  [
    'accounts for everybody at Microsoft',
    { OIDC_ISSUER: 'https://login.microsoftonline.com/common/v2.0' },
    'OIDC_AUTO_CREATE',
  ],
])('production does not start with %s', (_what, env, variable) => {
  expect(findProblems({ ...safe, ...oidc, ...env })).toEqual([variable])
})

test('production starts with a provider of one’s own', () => {
  expect(findProblems({ ...safe, ...oidc })).toEqual([])
  expect(findProblems({ ...safe, ...oidc, OIDC_ISSUER: 'http://127.0.0.1:8080/realms/a' })).toEqual([])
  const tenant = 'https://login.microsoftonline.com/0b5c3f4e-0000-0000-0000-000000000000/v2.0'
  expect(findProblems({ ...safe, ...oidc, OIDC_ISSUER: tenant })).toEqual([])
  const known = { OIDC_ISSUER: 'https://accounts.google.com', OIDC_AUTO_CREATE: '0' }
  expect(findProblems({ ...safe, ...oidc, ...known })).toEqual([])
})
