import { describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { createConfig, type Environment } from './create-config.ts'

const SECRET = 'dJ3kX9vQ2mZr7LwT5hYbN8sPaGcEfU4i'
const TOKEN = 'q8Zr2LwXn5TkVb7MjYhD4sFg'
const safe = { HOST: '0.0.0.0', SECRET_KEY: SECRET, PUBLIC_URL: 'https://chat.example' }

function findProblems(environment: Environment): string[] {
  try {
    createConfig(environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((problem) => problem.variable)
  }
}

test('production starts with safe settings', () => {
  expect(findProblems(safe)).toEqual([])
  const more = { OPS_TOKEN: TOKEN, TRUSTED_PROXIES: '10.0.0.0/8', OUTBOUND_ALLOWED_HOSTS: '*.corp.example,10.0.0.5:80' }
  expect(findProblems({ ...safe, ...more, DATABASE_URL: 'postgresql://u:Xk29vQmZ@db/llmchat' })).toEqual([])
})

describe('production does not start', () => {
  test.each<[string, Environment, string]>([
    ['without a secret', { SECRET_KEY: '' }, 'SECRET_KEY'],
    ['with a secret of one key held down', { SECRET_KEY: 'x'.repeat(64) }, 'SECRET_KEY'],
    ['with a secret of one word again and again', { SECRET_KEY: 'changeme'.repeat(8) }, 'SECRET_KEY'],
    ['with the secret of the example', { SECRET_KEY: '(the output of: openssl rand -base64 48)' }, 'SECRET_KEY'],
    ['without an address', { PUBLIC_URL: '' }, 'PUBLIC_URL'],
    ['with an address that is not https', { PUBLIC_URL: 'http://chat.example' }, 'PUBLIC_URL'],
    ['with a monitoring token of one letter', { OPS_TOKEN: 'a'.repeat(30) }, 'OPS_TOKEN'],
    ['with a monitoring token that is the secret', { OPS_TOKEN: SECRET }, 'OPS_TOKEN'],
    ['with a password that is the secret', { ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: SECRET }, 'ADMIN_PASSWORD'],
    ['with everybody as a trusted proxy', { TRUSTED_PROXIES: '10.0.0.1,0.0.0.0/0' }, 'TRUSTED_PROXIES'],
    ['with everybody as a trusted proxy by IPv6', { TRUSTED_PROXIES: '::/0' }, 'TRUSTED_PROXIES'],
    ['with all hosts allowed', { OUTBOUND_ALLOWED_HOSTS: '*' }, 'OUTBOUND_ALLOWED_HOSTS'],
    ['with a whole top level allowed', { OUTBOUND_ALLOWED_HOSTS: 'a.example,*.com' }, 'OUTBOUND_ALLOWED_HOSTS'],
    ['with the cloud’s metadata allowed', { OUTBOUND_ALLOWED_HOSTS: '169.254.169.254:80' }, 'OUTBOUND_ALLOWED_HOSTS'],
    ['with a default database password', { DATABASE_URL: 'postgresql://postgres:postgres@db/x' }, 'DATABASE_URL'],
    [
      'with a default password of the standby',
      { DATABASE_URL: 'postgresql://db/x', DATABASE_REPLICA_URL: 'postgresql://u:Password@db2/x' },
      'DATABASE_REPLICA_URL',
    ],
    ['with a default Redis password', { REDIS_URL: 'redis://:redis@cache' }, 'REDIS_URL'],
    ['with a drill’s guards off', { DRILL_DISABLE: 'fence' }, 'DRILL_DISABLE'],
    ['with a test’s failpoint', { FAILPOINT: 'commit:before' }, 'FAILPOINT'],
    ['with a login limit that is none', { LOGIN_ATTEMPTS_PER_MINUTE: '1000' }, 'LOGIN_ATTEMPTS_PER_MINUTE'],
  ])('%s', (_name, changes, variable) => {
    expect(findProblems({ ...safe, ...changes })).toEqual([variable])
  })

  test('and says all of it at once, without a value', () => {
    const environment = {
      HOST: '0.0.0.0',
      SECRET_KEY: 'changeme'.repeat(8),
      OPS_TOKEN: 'a'.repeat(30),
      TRUSTED_PROXIES: '0.0.0.0/0',
      OUTBOUND_ALLOWED_HOSTS: '*',
      REDIS_URL: 'redis://:redis@cache',
      FAILPOINT: 'commit:before',
    }
    expect(findProblems(environment).sort()).toEqual([
      'FAILPOINT',
      'OPS_TOKEN',
      'OUTBOUND_ALLOWED_HOSTS',
      'PUBLIC_URL',
      'REDIS_URL',
      'SECRET_KEY',
      'TRUSTED_PROXIES',
    ])
    expect(() => createConfig(environment)).toThrow(/SECRET_KEY must be made at random/)
    expect(() => createConfig(environment)).not.toThrow(/changeme|redis@/)
  })
})

test('on loopback a test may do what production may not', () => {
  const test = { DRILL_DISABLE: 'fence', FAILPOINT: 'commit:before', LOGIN_ATTEMPTS_PER_MINUTE: '1000' }
  expect(findProblems({ ...test, HOST: '127.0.0.1' })).toEqual([])
})
