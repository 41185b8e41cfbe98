import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { containing } from '../../../tests/support/containing.ts'
import { silentLogger } from '../../../tests/support/silent-logger.ts'
import { openTestPglite } from '../../../tests/support/open-test-database.ts'
import { systemClock } from '../base/clock.ts'
import { openMemoryCache } from '../cache/open-cache.ts'
import { deriveKey } from '../data-dir/derive-key.ts'
import type { OutboundReply } from '../outbound/outbound-client.ts'
import { createAgentRepository } from './agent-repository.ts'
import { createDemoAgents } from './demo-agents.ts'
import { findEnvironmentAgents } from './environment-agents.ts'
import { importAgents } from './import-agents.ts'
import { createSecretBox } from './secret-box.ts'
import { wireInAgents } from './wired-in-agents.ts'

const opened = await openTestPglite()
const { database } = opened
afterAll(() => opened.close())

const secretBox = createSecretBox(deriveKey('s'.repeat(32), 'agent-keys'))
const cache = openMemoryCache({ clock: systemClock })
const deps = { database, secretBox, cache }
const createRepository = (box = secretBox) =>
  createAgentRepository({
    database,
    secretBox: box,
    cache: openMemoryCache({ clock: systemClock }),
    logger: silentLogger,
  })

beforeEach(async () => {
  await database.kysely.deleteFrom('agent_configs').execute()
})

function importOne(agent: Record<string, unknown>) {
  const entry = { id: 'a', name: 'A', provider: 'openai', ...agent }
  return importAgents(deps, { text: JSON.stringify({ agents: [entry] }), environment: {} })
}

async function setAgent(id: string, changes: { name?: string; is_active?: boolean; is_default?: boolean }) {
  await database.kysely.updateTable('agent_configs').set(changes).where('id', '=', id).execute()
}

describe('importAgents', () => {
  test('makes agents, whose key is sealed and shown to nobody', async () => {
    const options = { canContinue: true }
    const result = await importOne({ apiKey: 'sk-secret', model: 'm', suggestions: ['你好'], options, maxTokens: 5 })
    expect(result).toEqual({ created: ['a'], updated: [] })
    const row = await database.kysely.selectFrom('agent_configs').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain('sk-secret')
    const found = await createRepository().findAgentTarget('a')
    expect(found?.agent).toEqual({
      id: 'a',
      name: 'A',
      description: '',
      provider: 'openai',
      isActive: true,
      isDefault: false,
      isDemo: false,
      suggestions: ['你好'],
      takesImages: false,
      takesFiles: false,
    })
    expect(found?.target).toEqual({
      provider: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'sk-secret',
      model: 'm',
      appId: null,
      systemPrompt: null,
      temperature: null,
      maxTokens: 5,
      options,
    })
  })

  test('keeps what happens when an agent cannot answer', async () => {
    await importOne({ id: 'b', name: 'B' })
    await importOne({ fallbackAgentIds: ['b'], maxConcurrent: 4, hedgeAfterMs: 800 })
    expect((await createRepository().findAgentTarget('a'))?.resilience).toEqual({
      fallbackAgentIds: ['b'],
      maxConcurrent: 4,
      hedgeAfterMs: 800,
    })
    expect((await createRepository().findAgentTarget('b'))?.resilience).toEqual({
      fallbackAgentIds: [],
      maxConcurrent: null,
      hedgeAfterMs: null,
    })
  })

  test('refuses a fall-back agent that does not exist, and then stores nothing', async () => {
    await expect(importOne({ fallbackAgentIds: ['nobody'] })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { problems: ['agent "a": there is no fall-back agent "nobody"'] },
    })
    expect(await createRepository().findAgent('a')).toBeNull()
  })

  test('updates by id, keeping the key and the switches that the file does not mention', async () => {
    await importOne({ apiKey: 'sk-secret', isDefault: true, model: 'old' })
    await setAgent('a', { is_active: false })
    expect(await importOne({ name: 'B', model: 'new' })).toEqual({ created: [], updated: ['a'] })
    const found = await createRepository().findAgentTarget('a')
    expect(found?.agent).toMatchObject({ name: 'B', isActive: false, isDefault: true })
    expect(found?.target).toMatchObject({ apiKey: 'sk-secret', model: 'new' })
    await importOne({ apiKey: '', isActive: true })
    const again = await createRepository().findAgentTarget('a')
    expect(again).toMatchObject({ agent: { isActive: true }, target: { apiKey: null } })
  })

  test('moves the default to the new one, and deletes nothing', async () => {
    await importOne({ isDefault: true })
    await importOne({ id: 'b', name: 'B', isDefault: true })
    const agents = await createRepository().listAgents()
    expect(agents.map((agent) => [agent.id, agent.isDefault])).toEqual([
      ['b', true],
      ['a', false],
    ])
  })

  test('does nothing at all when one entry is wrong', async () => {
    const agents = [
      { id: 'a', name: 'A', provider: 'openai' },
      { id: 'b', name: 'B', provider: 'nobody' },
    ]
    const failed = importAgents(deps, { text: JSON.stringify({ agents }), environment: {} })
    await expect(failed).rejects.toMatchObject({ code: 'invalid_request' })
    expect(await createRepository().listAgents({ withInactive: true })).toEqual([])
  })
})

describe('the repository', () => {
  test('tells unknown agents from those that are switched off', async () => {
    await importOne({ isActive: false })
    const repository = createRepository()
    await expect(repository.getActiveTarget('a')).rejects.toMatchObject({ code: 'agent_inactive' })
    await expect(repository.getActiveTarget('b')).rejects.toMatchObject({ code: 'agent_not_found' })
    expect(await repository.findAgentTarget('b')).toBeNull()
    expect(await repository.findAgent('a')).toMatchObject({ id: 'a', isActive: false })
    expect(await repository.listAgents()).toEqual([])
    expect(await repository.listAgents({ withInactive: true })).toHaveLength(1)
  })
})

describe('wired-in agents', () => {
  const demo = (port: number) => createDemoAgents((provider) => `http://127.0.0.1:${String(port)}/${provider}`)

  test('are labelled as simulations, one per protocol, one of them the default', async () => {
    await wireInAgents(deps, 'demo', demo(1))
    const agents = await createRepository().listAgents()
    expect(agents.map((agent) => agent.provider).sort()).toEqual(['anthropic', 'dify', 'fastgpt', 'openai'])
    expect(agents.every((agent) => agent.isDemo && agent.description.includes('Simulated'))).toBe(true)
    expect(agents.filter((agent) => agent.isDefault)).toHaveLength(1)
  })

  test('get the address of this start, and keep what an administrator changed', async () => {
    await wireInAgents(deps, 'demo', demo(1))
    await setAgent('demo-dify', { name: 'Ours', is_active: false })
    await wireInAgents(deps, 'demo', demo(2))
    expect(await createRepository().findAgentTarget('demo-dify')).toMatchObject({
      agent: { name: 'Ours', isActive: false },
      target: { baseUrl: 'http://127.0.0.1:2/dify', apiKey: containing('sim:corpus=demo') },
    })
  })

  test('go when the simulator is off, and leave others alone', async () => {
    await wireInAgents(deps, 'demo', demo(1))
    await importOne({})
    await wireInAgents(deps, 'demo', [])
    const agents = await createRepository().listAgents()
    expect(agents).toEqual([expect.objectContaining({ id: 'a', isDefault: true })])
  })

  test('do not touch an agent that an import took over', async () => {
    await wireInAgents(deps, 'demo', demo(1))
    await importOne({ id: 'demo-openai', name: 'Mine', model: 'real' })
    await wireInAgents(deps, 'demo', demo(2))
    expect(await createRepository().findAgentTarget('demo-openai')).toMatchObject({
      agent: { name: 'Mine', isDemo: false },
      target: { model: 'real', baseUrl: 'https://api.openai.com/v1' },
    })
  })
})

describe('agents of the environment', () => {
  const keys = { openai: 'sk-o', anthropic: 'sk-a', ollamaUrl: 'http://127.0.0.1:11434' }
  const toOutbound = (answer: () => Promise<OutboundReply>) => ({ outbound: { send: answer } })
  const away = toOutbound(() => Promise.reject(new Error('refused')))
  const reply = (status: number, body: string) => toOutbound(() => Promise.resolve({ status, headers: {}, body }))

  test('come from keys and from an Ollama that answers', async () => {
    const found = await findEnvironmentAgents(reply(200, '{"models":[{"name":"qwen3:8b"},{"name":"b"}]}'), keys)
    expect(found.map((agent) => [agent.provider, agent.baseUrl, agent.apiKey])).toEqual([
      ['openai', 'https://api.openai.com/v1', 'sk-o'],
      ['anthropic', 'https://api.anthropic.com', 'sk-a'],
      ['openai', 'http://127.0.0.1:11434/v1', null],
    ])
    expect(found[2]?.model).toBe('qwen3:8b')
  })

  test.each([
    ['nobody answers', away],
    ['something else answers', reply(200, '<html>')],
    ['it has no model', reply(200, '{"models":[]}')],
    ['it fails', reply(500, '{"models":[{"name":"x"}]}')],
  ])('are none where %s', async (_name, outbound) => {
    expect(await findEnvironmentAgents(outbound, { ...keys, openai: null, anthropic: null })).toEqual([])
  })

  test('go with their key; an Ollama that is away for now stays', async () => {
    const models = reply(200, '{"models":[{"name":"qwen3:8b"}]}')
    await wireInAgents(deps, 'environment', await findEnvironmentAgents(models, keys))
    await wireInAgents(deps, 'environment', await findEnvironmentAgents(away, { ...keys, openai: null }))
    const agents = await createRepository().listAgents()
    expect(agents.map((agent) => agent.id).sort()).toEqual(['env-anthropic', 'env-ollama'])
    expect(agents.filter((agent) => agent.isDefault)).toHaveLength(1)
  })
})

describe('an agent whose key was sealed with another secret', () => {
  const other = createSecretBox(deriveKey('o'.repeat(32), 'agent-keys'))

  test('is listed, cannot be asked, and throws nothing at who merely looks it up', async () => {
    await importOne({ apiKey: 'sk-secret', model: 'm' })
    const repository = createRepository(other)
    expect((await repository.listAgents()).map((agent) => agent.id)).toEqual(['a'])
    expect(await repository.findAgentTarget('a')).toBeNull()
    await expect(repository.getActiveTarget('a')).rejects.toMatchObject({ code: 'agent_key_unreadable' })
  })

  test('works again as soon as its key was given anew', async () => {
    await importOne({ apiKey: 'sk-secret', model: 'm' })
    await importAgents(
      { ...deps, secretBox: other },
      {
        text: JSON.stringify({ agents: [{ id: 'a', name: 'A', provider: 'openai', apiKey: 'sk-new' }] }),
        environment: {},
      },
    )
    expect((await createRepository(other).getActiveTarget('a')).target.apiKey).toBe('sk-new')
  })
})
