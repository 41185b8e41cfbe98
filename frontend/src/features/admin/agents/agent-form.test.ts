import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import { describe, expect, it } from 'vitest'
import {
  emptyAgentForm,
  findProblems,
  needsKeyAgain,
  toAgentForm,
  toCreateRequest,
  toUpdateRequest,
} from './agent-form.ts'

const stored: AdminAgent = {
  id: 'general',
  name: 'General',
  description: '',
  provider: 'openai',
  baseUrl: 'https://models.corp.example/v1',
  hasApiKey: true,
  model: 'm1',
  appId: null,
  systemPrompt: null,
  temperature: 0.5,
  maxTokens: null,
  options: { streamUsage: false },
  suggestions: ['One'],
  takesImages: true,
  takesFiles: false,
  fallbackAgentIds: ['spare'],
  maxConcurrent: null,
  hedgeAfterMs: null,
  origin: 'admin',
  isActive: true,
  isDefault: false,
  access: { rules: [] },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}
const form = toAgentForm(stored)

describe('a new agent', () => {
  it('is sent without what was left empty', () => {
    const filled = { ...emptyAgentForm, id: ' a ', name: 'A', model: 'm', apiKey: 'k', temperature: '0' }
    expect(findProblems(filled, null)).toEqual({})
    expect(toCreateRequest(filled)).toEqual({
      id: 'a',
      name: 'A',
      provider: 'openai',
      model: 'm',
      apiKey: 'k',
      temperature: 0,
      suggestions: [],
      takesImages: false,
      takesFiles: false,
      fallbackAgentIds: [],
      options: {},
      isActive: true,
      isDefault: false,
    })
  })

  it('of a provider that keeps its model itself is sent without one', () => {
    const filled = { ...emptyAgentForm, id: 'f', name: 'F', provider: 'fastgpt' as const, model: 'm', appId: 'app' }
    expect(findProblems(filled, null)).toEqual({})
    const request = toCreateRequest(filled)
    expect(request).toMatchObject({ appId: 'app' })
    expect(request).not.toHaveProperty('model')
  })
})

describe('a changed agent', () => {
  it('is sent with what differs and nothing else', () => {
    expect(toUpdateRequest(form, stored)).toBeNull()
    expect(toUpdateRequest({ ...form, temperature: '', name: 'New ' }, stored)).toEqual({
      temperature: null,
      name: 'New',
    })
    expect(toUpdateRequest({ ...form, fallbackAgentIds: [] }, stored)).toEqual({ fallbackAgentIds: [] })
    expect(toUpdateRequest({ ...form, takesImages: false, takesFiles: true }, stored)).toEqual({
      takesImages: false,
      takesFiles: true,
    })
    expect(toUpdateRequest({ ...form, suggestions: 'One\n\n Two ' }, stored)).toEqual({ suggestions: ['One', 'Two'] })
  })

  it('keeps its key unless another is written or it is removed', () => {
    expect(toUpdateRequest({ ...form, apiKey: 'new' }, stored)).toEqual({ apiKey: 'new' })
    expect(toUpdateRequest({ ...form, isKeyRemoved: true }, stored)).toEqual({ apiKey: null })
    expect(toUpdateRequest({ ...form, isKeyRemoved: true }, { ...stored, hasApiKey: false })).toBeNull()
  })

  it('needs its key again with another host or provider, not with another path', () => {
    expect(needsKeyAgain({ ...form, baseUrl: 'https://models.corp.example/v2' }, stored)).toBe(false)
    expect(needsKeyAgain({ ...form, baseUrl: 'https://elsewhere.example/v1' }, stored)).toBe(true)
    expect(findProblems({ ...form, provider: 'anthropic' }, stored)).toEqual({ apiKey: 'key' })
    expect(needsKeyAgain({ ...form, provider: 'anthropic', apiKey: 'k' }, stored)).toBe(false)
  })
})

describe('problems', () => {
  it.each([
    [{ id: 'no spaces' }, { id: 'id' }],
    [{ id: '' }, { id: 'id' }],
    [{ name: ' ' }, { name: 'required' }],
    [{ baseUrl: 'models.corp.example' }, { baseUrl: 'url' }],
    [{ baseUrl: 'ftp://models.corp.example' }, { baseUrl: 'url' }],
    [{ model: '' }, { model: 'required' }],
    [{ temperature: '2.1' }, { temperature: 'number' }],
    [{ temperature: 'warm' }, { temperature: 'number' }],
    [{ maxTokens: '1.5' }, { maxTokens: 'integer' }],
    [{ maxConcurrent: '0' }, { maxConcurrent: 'integer' }],
    [{ hedgeAfterMs: '99' }, { hedgeAfterMs: 'integer' }],
    [{ options: '[1]' }, { options: 'json' }],
    [{ options: '{' }, { options: 'json' }],
    [{ suggestions: 'a\nb\nc\nd\ne\nf\ng' }, { suggestions: 'suggestions' }],
  ])('%j', (change, problems) => {
    expect(findProblems({ ...emptyAgentForm, id: 'a', name: 'A', model: 'm', ...change }, null)).toEqual(problems)
  })

  it('of fields that the provider does not have do not count', () => {
    const filled = { ...emptyAgentForm, id: 'd', name: 'D', provider: 'dify' as const, temperature: 'warm' }
    expect(findProblems(filled, null)).toEqual({})
  })
})
