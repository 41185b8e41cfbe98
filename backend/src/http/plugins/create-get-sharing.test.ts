import Fastify from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGate, type Gate } from '../../../../tests/support/create-gate.ts'
import { AppError } from '../../base/app-error.ts'
import type { HttpApp } from '../app-types.ts'
import { decorateRequester } from './authenticate.ts'
import { createGetSharing, type GetSharing } from './create-get-sharing.ts'

let app: HttpApp
let sharing: GetSharing
let gate: Gate
let calls: string[]
let fails = false

function get(url: string, user = 'ann', headers: Record<string, string> = {}) {
  return app.inject({ url, headers: { 'x-user': user, ...headers } })
}

function countCalls(count: number) {
  return expect.poll(() => calls.length).toBe(count)
}

beforeEach(async () => {
  calls = []
  fails = false
  gate = createGate()
  app = Fastify()
  decorateRequester(app)
  app.addHook('onRequest', async (request) => {
    const id = String(request.headers['x-user'])
    request.requester = {
      user: { id, email: '', name: id, role: 'member' },
      loginSessionId: 'l',
      isPersistent: false,
      apiKey: null,
    }
  })
  sharing = createGetSharing(app)
  app.get('/list', (request) =>
    sharing.shareGet(request, async () => {
      calls.push(request.url)
      const number = calls.length
      await gate.passed
      if (fails) throw new AppError('conflict')
      return { number, user: request.user.id }
    }),
  )
  app.post('/write', async () => ({}))
  await app.ready()
})
afterEach(async () => {
  gate.open()
  await app.close()
})

test('a hundred at once are one; who comes later asks anew', async () => {
  const all = Array.from({ length: 100 }, () => get('/list'))
  await expect.poll(() => sharing.countShared()).toBe(99)
  gate.open()
  for (const reply of await Promise.all(all)) expect(reply.json()).toEqual({ number: 1, user: 'ann' })
  expect(calls).toHaveLength(1)
  expect((await get('/list')).json()).toMatchObject({ number: 2 })
})

test('nothing is shared with another person, address, format or language', async () => {
  const all = [
    get('/list'),
    get('/list', 'bo'),
    get('/list?x=1'),
    get('/list', 'ann', { accept: 'text/html' }),
    get('/list', 'ann', { 'accept-language': 'zh-CN' }),
  ]
  await countCalls(5)
  gate.open()
  const replies = await Promise.all(all)
  expect(sharing.countShared()).toBe(0)
  expect(replies[1]?.json()).toMatchObject({ user: 'bo' })
})

test('an error goes to all who wait, and is not remembered', async () => {
  fails = true
  const all = [get('/list'), get('/list'), get('/list')]
  await expect.poll(() => sharing.countShared()).toBe(2)
  gate.open()
  for (const reply of await Promise.all(all)) expect(reply.statusCode).toBe(500)
  expect(calls).toHaveLength(1)
  fails = false
  expect((await get('/list')).statusCode).toBe(200)
})

test('who reads after a write of their own does not get what was read before it', async () => {
  const before = get('/list')
  await countCalls(1)
  await app.inject({ method: 'POST', url: '/write', headers: { 'x-user': 'bo' } })
  const joined = get('/list')
  await expect.poll(() => sharing.countShared()).toBe(1)
  await app.inject({ method: 'POST', url: '/write', headers: { 'x-user': 'ann' } })
  const after = get('/list')
  await countCalls(2)
  gate.open()
  const numbers = (await Promise.all([before, joined, after])).map((reply) => reply.json<{ number: number }>().number)
  expect(numbers).toEqual([1, 1, 2])
})

test('a thousand different ones are held; the next passes through', async () => {
  const held = Array.from({ length: 1000 }, (_, index) => get(`/list?n=${index}`))
  await countCalls(1000)
  const beyond = [get('/list?n=beyond'), get('/list?n=beyond')]
  await countCalls(1002)
  const known = get('/list?n=7')
  await expect.poll(() => sharing.countShared()).toBe(1)
  gate.open()
  await Promise.all([...held, ...beyond, known])
  expect(calls).toHaveLength(1002)
})
