import { once } from 'node:events'
import { createConnection } from 'node:net'
import { expect, test } from 'vitest'
import { anyone } from '../../../backend/src/http/policies/anyone.ts'
import { openTestApp } from '../../support/open-test-app.ts'

test('the end waits neither for connections that never asked anything nor for idle ones', async () => {
  const app = await openTestApp()
  const { hostname, port } = new URL(app.url)
  const silent = createConnection({ host: hostname, port: Number(port) })
  await once(silent, 'connect')
  // Answered, so that the server has surely seen both.
  expect((await app.createClient().request('/health/live')).status).toBe(200)
  const closed = once(silent, 'close')
  silent.on('error', () => undefined)
  await app.close()
  await closed
})

test('a request under way is answered before the end', async () => {
  let letGo: () => void = () => undefined
  let arrived: () => void = () => undefined
  const waiting = new Promise<void>((resolve) => (letGo = resolve))
  const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
  const app = await openTestApp({
    extraRoutes: [
      (scope) => {
        scope.get('/api/slow', { config: { policy: anyone } }, async () => {
          arrived()
          await waiting
          return { isDone: true }
        })
      },
    ],
  })
  const { client } = await app.signIn()
  const answer = client.request('/api/slow')
  await hasArrived
  const closed = app.close()
  letGo()
  expect((await answer).json()).toEqual({ isDone: true })
  await closed
})
