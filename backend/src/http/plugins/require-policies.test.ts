import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'
import { anyone } from '../policies/anyone.ts'
import { requirePolicies } from './require-policies.ts'

function openApp(): HttpApp {
  return Fastify()
}

test('a route without a policy ends the start, in a scope as well', async () => {
  const app = openApp()
  requirePolicies(app)
  expect(() => app.get('/open', () => 'x')).toThrow('/open has no policy')
  app.register(async (scope) => {
    scope.post('/hole', () => 'x')
  })
  await expect(app.ready()).rejects.toThrow('POST /hole has no policy')
})

test('the policy decides before anything of the route runs, its HEAD included', async () => {
  const app = openApp()
  const routes = requirePolicies(app)
  let ran = 0
  const closed = {
    name: 'closed',
    assert: () => {
      throw new AppError('forbidden')
    },
  }
  app.get('/closed', { config: { policy: closed } }, () => (ran += 1))
  app.get('/open', { config: { policy: anyone } }, () => (ran += 1))
  expect((await app.inject('/closed')).statusCode).toBe(500)
  expect((await app.inject({ method: 'HEAD', url: '/closed' })).statusCode).toBe(500)
  expect(ran).toBe(0)
  expect((await app.inject('/open')).statusCode).toBe(200)
  expect(routes).toEqual([
    { method: 'GET', url: '/closed', policy: 'closed' },
    { method: 'HEAD', url: '/closed', policy: 'closed' },
    { method: 'GET', url: '/open', policy: 'anyone' },
    { method: 'HEAD', url: '/open', policy: 'anyone' },
  ])
})
