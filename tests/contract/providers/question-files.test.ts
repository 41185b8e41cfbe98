import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../../backend/src/base/app-error.ts'
import type { OutboundClient } from '../../../backend/src/outbound/outbound-client.ts'
import type { ProviderCall, TurnFile } from '../../../backend/src/providers/provider-adapter.ts'
import { providers } from '../../support/test-agents.ts'
import { createCall } from './provider-call.ts'
import { openLoopbackClient, runAnswer } from './run-answer.ts'

let simulator: Simulator
let client: OutboundClient

beforeAll(async () => {
  simulator = await openSimulator({ defaultPlan: 'ttft=0 gap=0 tokens=3' })
  client = openLoopbackClient()
})
beforeEach(() => simulator.reset())
afterAll(async () => {
  await client.close()
  await simulator.close()
})

function toImage(id: string, sizeBytes: number): TurnFile {
  return { id, name: `${id}.png`, mediaType: 'image/png', kind: 'image', sizeBytes }
}

function toCall(provider: (typeof providers)[number], turns: ProviderCall['turns']): ProviderCall {
  return createCall(provider, { target: { baseUrl: simulator.baseUrl(provider) }, turns })
}

it.each(providers)('%s: a store that hangs does not hold up a stop', async (provider) => {
  const abort = new AbortController()
  const call = toCall(provider, [{ role: 'user', content: 'look', files: [toImage('a', 3)] }])
  const readFile = (): Promise<Uint8Array> => {
    abort.abort()
    return new Promise(() => undefined)
  }
  expect(await runAnswer(client, call, { signal: abort.signal, readFile })).toEqual([])
  expect(simulator.requests()).toEqual([])
})

it.each(providers)('%s: a store that is away is a failure that may be tried again', async (provider) => {
  const call = toCall(provider, [{ role: 'user', content: 'look', files: [toImage('a', 3)] }])
  const readFile = (): Promise<never> => Promise.reject(new AppError('file_store_unavailable'))
  const parts = await runAnswer(client, call, { readFile })
  expect(parts).toMatchObject([{ type: 'failure', failure: { code: 'file_store_unavailable', isRetryable: true } }])
  expect(simulator.requests()).toEqual([])
})

it.each(['dify', 'fastgpt'] as const)(
  '%s: a file that does not get through in its time was no answer yet',
  async (provider) => {
    const call = toCall(provider, [{ role: 'user', content: 'look', files: [toImage('a', 3)] }])
    const send = (): Promise<never> => Promise.reject(new AppError('upstream_deadline'))
    const parts = await runAnswer({ ...client, send }, call, { readFile: () => Promise.resolve(Buffer.from('abc')) })
    expect(parts).toMatchObject([{ type: 'failure', failure: { code: 'upstream_no_content', isRetryable: true } }])
  },
)

it('of more pictures than a request may have the newest are sent, and the rest is named', async () => {
  const sizeBytes = 9 * 1024 * 1024
  const turns: ProviderCall['turns'] = ['first', 'second', 'third'].flatMap((id) => [
    { role: 'user' as const, content: `see ${id}`, files: [toImage(id, sizeBytes)] },
    { role: 'assistant' as const, content: 'seen' },
  ])
  const read: string[] = []
  const readFile = (id: string): Promise<Uint8Array> => {
    read.push(id)
    return Promise.resolve(Buffer.from(id))
  }
  await runAnswer(client, toCall('openai', [...turns, { role: 'user', content: 'and?' }]), { readFile })
  expect(read).toEqual(['third', 'second'])
  expect(JSON.stringify(simulator.requests()[0]?.body)).toContain('see first\\n[first.png: no longer sent]')
})
