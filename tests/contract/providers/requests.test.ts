import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { describe, expect, it } from 'vitest'
import { getAdapter } from '../../../backend/src/providers/find-adapter.ts'
import type { HistoryTurn } from '../../../backend/src/providers/provider-adapter.ts'
import { createCall } from './provider-call.ts'

const turns: HistoryTurn[] = [
  { role: 'user', content: 'First' },
  { role: 'assistant', content: 'Answer' },
  { role: 'user', content: 'Second' },
]
const transcript =
  'Earlier in this conversation:\n\nUser: First\n\nAssistant: Answer\n\nThe message to answer now:\n\nSecond'

function toRequest(provider: ProviderName, changes: Parameters<typeof createCall>[1]) {
  const request = getAdapter(provider).toRequest(createCall(provider, changes))
  const body = JSON.parse(String(request.body)) as Record<string, unknown>
  return { ...request, body }
}

describe('openai', () => {
  const target = { baseUrl: 'https://api.openai.com/v1', systemPrompt: 'Be kind', temperature: 0.5, maxTokens: 9 }

  it('sends prompt, turns and settings to OpenAI itself', () => {
    const { url, headers, body } = toRequest('openai', { turns, target })
    expect(url).toBe('https://api.openai.com/v1/chat/completions')
    expect(headers).toMatchObject({ authorization: 'Bearer app-key-0123456789', accept: 'text/event-stream' })
    expect(body).toEqual({
      model: 'model-1',
      messages: [{ role: 'system', content: 'Be kind' }, ...turns],
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      temperature: 0.5,
      max_completion_tokens: 9,
      safety_identifier: 'user-1',
    })
  })

  it('sends compatible servers only what they know', () => {
    const compatible = { ...target, baseUrl: 'http://ollama:11434/v1', apiKey: null }
    const { headers, body } = toRequest('openai', { turns, target: compatible })
    expect(headers).not.toHaveProperty('authorization')
    expect(body).toMatchObject({ max_tokens: 9, stream_options: { include_usage: true } })
    expect(body).not.toHaveProperty('safety_identifier')
    const plain = toRequest('openai', { turns, target: { ...compatible, options: { streamUsage: false } } })
    expect(plain.body).not.toHaveProperty('stream_options')
  })

  it('passes the caller on, but not what would change the shape of the answer', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }]
    const raw = { role: 'user', content: [{ type: 'text', text: 'Hi' }] }
    const { body } = toRequest('openai', {
      turns: [{ role: 'user', content: 'Hi', raw }],
      target,
      passThrough: { tools, temperature: 1, stream: false, model: 'other', n: 3, carryHistory: true },
    })
    expect(body).toMatchObject({ tools, temperature: 1, stream: true, model: 'model-1' })
    expect(body['messages']).toEqual([{ role: 'system', content: 'Be kind' }, raw])
    expect(body).not.toHaveProperty('n')
    expect(body).not.toHaveProperty('carryHistory')
  })

  it('continues where the target says it can', () => {
    const vllm = { baseUrl: 'http://vllm/v1', options: { canContinue: true } }
    expect(toRequest('openai', { target: vllm, continueFrom: 'So far \n' }).body).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant', content: 'So far' }],
      continue_final_message: true,
      add_generation_prompt: false,
    })
    const deepseek = { baseUrl: 'https://api.deepseek.com/beta', options: { canContinue: 'prefix' } }
    const { body } = toRequest('openai', { target: deepseek, continueFrom: 'So far' })
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'So far', prefix: true },
    ])
  })

  it('speaks to Azure', () => {
    const azure = {
      baseUrl: 'https://x.openai.azure.com/openai/deployments/d',
      options: { apiVersion: '2025-01-01' },
    }
    const { url, headers } = toRequest('openai', { target: azure })
    expect(url).toBe(`${azure.baseUrl}/chat/completions?api-version=2025-01-01`)
    expect(headers).toMatchObject({ 'api-key': 'app-key-0123456789' })
  })
})

describe('openai-responses', () => {
  it('sends items, and stores only in background mode', () => {
    const target = { systemPrompt: 'Be kind', maxTokens: 5 }
    expect(toRequest('openai-responses', { turns, target }).body).toEqual({
      model: 'model-1',
      instructions: 'Be kind',
      input: turns,
      max_output_tokens: 5,
      stream: true,
      store: false,
    })
    const background = toRequest('openai-responses', { turns, target: { options: { isBackground: true } } })
    expect(background.body).toMatchObject({ background: true, store: true })
  })

  it('turns a chat request into its own terms', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const { body } = toRequest('openai-responses', {
      turns: [
        { role: 'assistant', content: '', raw: { role: 'assistant', content: null, tool_calls: [call] } },
        { role: 'tool', content: 'ok', raw: { role: 'tool', tool_call_id: 'call_1', content: 'ok' } },
      ],
      passThrough: {
        tools: [{ type: 'function', function: { name: 'f', parameters: {} } }],
        tool_choice: { type: 'function', function: { name: 'f' } },
        response_format: { type: 'json_schema', json_schema: { name: 's', schema: {} } },
        stop: ['x'],
      },
    })
    expect(body).toMatchObject({
      input: [
        { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'ok' },
      ],
      tools: [{ type: 'function', name: 'f', parameters: {} }],
      tool_choice: { type: 'function', name: 'f' },
      text: { format: { type: 'json_schema', name: 's', schema: {} } },
    })
    expect(body).not.toHaveProperty('stop')
  })
})

describe('anthropic', () => {
  const target = { baseUrl: 'https://api.anthropic.com', systemPrompt: 'Be kind', temperature: 1.5 }

  it('sends prompt and turns', () => {
    const { url, headers, body } = toRequest('anthropic', { turns, target })
    expect(url).toBe('https://api.anthropic.com/v1/messages')
    expect(headers).toMatchObject({ 'x-api-key': 'app-key-0123456789', 'anthropic-version': '2023-06-01' })
    expect(body).toEqual({
      model: 'model-1',
      system: 'Be kind',
      messages: turns,
      max_tokens: 8192,
      temperature: 1,
      metadata: { user_id: 'user-1' },
      stream: true,
    })
  })

  it('leaves sampling out where the version refuses it', () => {
    const { headers, body } = toRequest('anthropic', {
      target: { ...target, options: { apiVersion: '2026-10-21', extraBody: { top_k: 3 } } },
      passThrough: { top_p: 0.5, temperature: 0.1 },
    })
    expect(headers).toMatchObject({ 'anthropic-version': '2026-10-21' })
    for (const field of ['temperature', 'top_p', 'top_k']) expect(body).not.toHaveProperty(field)
  })

  it('turns tools, their calls and their results into its own terms', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }
    const { body } = toRequest('anthropic', {
      turns: [
        { role: 'system', content: 'Rules' },
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: '', raw: { role: 'assistant', content: null, tool_calls: [call] } },
        { role: 'tool', content: 'ok', raw: { role: 'tool', tool_call_id: 'call_1', content: 'ok' } },
      ],
      target,
      passThrough: {
        tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }],
        tool_choice: 'required',
        parallel_tool_calls: false,
        stop: 'END',
        max_completion_tokens: 7,
      },
    })
    expect(body).toMatchObject({
      system: 'Be kind\n\nRules',
      messages: [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1' }] },
      ],
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object' } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      stop_sequences: ['END'],
      max_tokens: 7,
    })
  })

  it.each([
    ['claude-3-opus-20240229', true],
    ['claude-3-5-haiku-20241022', true],
    ['claude-sonnet-4-20250514', true],
    ['claude-opus-4-1-20250805', true],
    ['claude-sonnet-4-5-20250929', true],
    ['claude-opus-4-6', false],
    ['claude-sonnet-4-7-20260301', false],
    ['claude-sonnet-5', false],
    ['claude-opus-5-1-20261001', false],
    ['something-else', false],
  ])('knows whether %s takes a prefill', (model, expected) => {
    const adapter = getAdapter('anthropic')
    expect(adapter.canContinue(createCall('anthropic', { target: { model } }).target)).toBe(expected)
    const options = { extraBody: { thinking: { type: 'enabled', budget_tokens: 1024 } } }
    expect(adapter.canContinue(createCall('anthropic', { target: { model, options } }).target)).toBe(false)
  })
})

describe('fastgpt', () => {
  const target = { baseUrl: 'https://host/api' }

  it('sends the whole context without a chat', () => {
    const { url, body } = toRequest('fastgpt', { turns, target: { ...target, systemPrompt: 'Be kind' } })
    expect(url).toBe('https://host/api/v1/chat/completions')
    expect(body).toEqual({
      appId: 'app-1',
      stream: true,
      detail: true,
      responseChatItemId: 'answer-1',
      messages: [{ role: 'system', content: 'Be kind' }, ...turns],
    })
  })

  it('sends the last message to a chat, and carries a history in front of it only when told', () => {
    const upstream = { conversationId: 'chat-1' }
    expect(toRequest('fastgpt', { turns, target, upstream }).body).toMatchObject({
      chatId: 'chat-1',
      messages: [{ role: 'user', content: 'Second' }],
    })
    const fork = toRequest('fastgpt', { turns, target, upstream, passThrough: { carryHistory: true } })
    expect(fork.body['messages']).toEqual([{ role: 'user', content: transcript }])
  })

  it('takes its settings from the options', () => {
    const options = { apiVersion: 'v2', detail: false, variables: { uid: '1' } }
    const { url, body } = toRequest('fastgpt', { target: { ...target, options, appId: null } })
    expect(url).toBe('https://host/api/v2/chat/completions')
    expect(body).toMatchObject({ detail: false, variables: { uid: '1' } })
    expect(body).not.toHaveProperty('appId')
  })

  it('has no way to stop, fetch or remove without an app', () => {
    const call = createCall('fastgpt', { target: { appId: null }, upstream: { conversationId: 'chat-1' } })
    const adapter = getAdapter('fastgpt')
    expect(adapter.toStopRequest(call, {})).toBeNull()
    expect(adapter.toFetchAnswerRequest(call, {})).toBeNull()
    expect(adapter.toRemoveTurnRequest(call, {})).toBeNull()
  })
})

describe('dify', () => {
  it('sends the question, with the history in front of it where Dify has none', () => {
    const target = { baseUrl: 'https://host/v1', options: { inputs: { lang: 'en' } } }
    const fresh = toRequest('dify', { turns, target })
    expect(fresh.url).toBe('https://host/v1/chat-messages')
    expect(fresh.body).toEqual({
      inputs: { lang: 'en' },
      query: transcript,
      response_mode: 'streaming',
      conversation_id: '',
      user: 'user-1',
      auto_generate_name: false,
    })
    const known = toRequest('dify', { turns, target, upstream: { conversationId: 'c-1' } })
    expect(known.body).toMatchObject({ query: 'Second', conversation_id: 'c-1' })
    expect(toRequest('dify', { target }).body['query']).toBe('Hello')
  })
})
