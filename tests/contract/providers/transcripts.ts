import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { AnswerSummary } from './answer-summary.ts'

/** A recorded stream (`fixtures/<name>.sse`) and what must come out of it, however it is cut. */
export interface Transcript {
  name: string
  provider: ProviderName
  options?: Record<string, unknown>
  conversationId?: string
  expected: Partial<Omit<AnswerSummary, 'failure'>> & {
    failure?: Partial<NonNullable<AnswerSummary['failure']>> | null
  }
}

const responsesUsage = { inputTokens: 12, outputTokens: 8, reasoningTokens: 3 }
const difyIds = { conversationId: 'c-1', messageId: 'm-1', taskId: 't-1' }
const difyUsage = { inputTokens: 1033, outputTokens: 135 }

const openai: Transcript[] = [
  {
    name: 'openai-text',
    provider: 'openai',
    expected: {
      text: 'Hello, 世界 👋🏽 "quoted"\n\ndata: not a line',
      usage: { inputTokens: 16, outputTokens: 300 },
      ids: { messageId: 'chatcmpl-D8Z5kQx0' },
      finish: 'stop',
    },
  },
  {
    name: 'openai-tool-calls',
    provider: 'openai',
    expected: {
      tools: {
        call_abc: { name: 'get_weather', streamed: '{"location":"Paris"}', input: { location: 'Paris' } },
        call_def: { name: 'get_time', streamed: '{}', input: {} },
      },
      finish: 'tool-calls',
    },
  },
  {
    name: 'openai-stream-error',
    provider: 'openai',
    expected: { finish: null, failure: { code: 'upstream_failed', isRetryable: true } },
  },
  {
    name: 'openai-late-error',
    provider: 'openai',
    expected: { text: 'Some words', failure: { code: 'upstream_rate_limited', isRetryable: true } },
  },
  {
    name: 'openai-azure',
    provider: 'openai',
    expected: { text: 'Guten Tag', finish: 'stop', usage: { inputTokens: 16, outputTokens: 300 } },
  },
]

const compatible: Transcript[] = [
  {
    name: 'compatible-deepseek',
    provider: 'openai',
    expected: {
      reasoning: 'We think 思',
      text: 'Two',
      usage: { inputTokens: 5, outputTokens: 9, reasoningTokens: 4 },
      finish: 'stop',
    },
  },
  {
    name: 'compatible-qwen',
    provider: 'openai',
    expected: {
      tools: { call_q1: { name: 'get_weather', streamed: '{"city": "Köln"}', input: { city: 'Köln' } } },
      usage: { inputTokens: 7, outputTokens: 3 },
      finish: 'tool-calls',
    },
  },
  {
    name: 'compatible-groq',
    provider: 'openai',
    expected: { reasoning: 'Hm.', text: 'Yes', usage: { inputTokens: 3, outputTokens: 2 }, finish: 'stop' },
  },
  {
    name: 'compatible-mistral',
    provider: 'openai',
    expected: {
      reasoning: 'Let me see',
      text: 'Bonjour à toi',
      tools: {
        aaa111: { name: 'one', streamed: '{"a":1}', input: { a: 1 } },
        bbb222: { name: 'two', streamed: '{"b":2}', input: { b: 2 } },
      },
      usage: { inputTokens: 2, outputTokens: 4 },
      finish: 'length',
    },
  },
  {
    name: 'compatible-kimi',
    provider: 'openai',
    expected: { reasoning: '想', text: '好的', usage: { inputTokens: 1, outputTokens: 2 }, finish: 'stop' },
  },
  {
    name: 'compatible-xai',
    provider: 'openai',
    expected: {
      text: 'x',
      reasoning: 'r',
      tools: { call_x: { name: 'look', streamed: '{"q":"x"}', input: { q: 'x' } } },
      usage: { inputTokens: 10, outputTokens: 2, reasoningTokens: 38 },
      finish: 'tool-calls',
    },
  },
  {
    name: 'compatible-vllm',
    provider: 'openai',
    expected: { reasoning: 'a', text: 'b', usage: { inputTokens: 4, outputTokens: 3 }, finish: 'length' },
  },
  {
    name: 'compatible-ollama',
    provider: 'openai',
    expected: {
      reasoning: 'ok',
      tools: { call_o: { name: 'add', streamed: '{"x":1}', input: { x: 1 } } },
      usage: null,
      finish: 'tool-calls',
    },
  },
  {
    name: 'compatible-late-name',
    provider: 'openai',
    expected: { tools: { call_l: { name: 'late', streamed: '{"a":true}', input: { a: true } } }, finish: 'tool-calls' },
  },
  {
    name: 'compatible-think-tags',
    provider: 'openai',
    expected: { reasoning: 'Erst denken</thin? ', text: 'Die Antwort <think> bleibt.', finish: 'stop' },
  },
  {
    name: 'compatible-implicit-think',
    provider: 'openai',
    options: { startsWithReasoning: true },
    expected: { reasoning: 'Erst denken', text: 'Antwort', finish: 'stop' },
  },
  { name: 'compatible-no-done', provider: 'openai', expected: { text: 'Done?', usage: null, finish: 'stop' } },
]

const responses: Transcript[] = [
  {
    name: 'responses-text',
    provider: 'openai-responses',
    expected: {
      text: 'Hi 你好 🌍',
      sources: [{ title: 'A page', url: 'https://example.com/a' }],
      usage: responsesUsage,
      ids: { messageId: 'resp_0a1', sequence: 10 },
      finish: 'stop',
    },
  },
  {
    name: 'responses-function-call',
    provider: 'openai-responses',
    expected: {
      reasoning: 'First\n\nSecond',
      steps: { ws_1: { name: 'web search', kind: 'retrieval', status: 'done' } },
      tools: { call_1: { name: 'get_weather', streamed: '{"city":"Oslo"}', input: { city: 'Oslo' } } },
      usage: responsesUsage,
      finish: 'tool-calls',
    },
  },
  {
    name: 'responses-quota-error',
    provider: 'openai-responses',
    expected: { text: '', finish: null, failure: { code: 'upstream_quota', isRetryable: false } },
  },
  {
    name: 'responses-flat-error',
    provider: 'openai-responses',
    expected: { failure: { code: 'upstream_failed', isRetryable: true, message: 'Something went wrong' } },
  },
  {
    name: 'responses-incomplete',
    provider: 'openai-responses',
    expected: { text: 'Cut off', usage: responsesUsage, finish: 'length' },
  },
]

const anthropic: Transcript[] = [
  {
    name: 'anthropic-text',
    provider: 'anthropic',
    expected: {
      text: 'Hello 中文 😀',
      usage: { inputTokens: 12, outputTokens: 30 },
      ids: { messageId: 'msg_01Q2' },
      finish: 'stop',
    },
  },
  {
    name: 'anthropic-refusal',
    provider: 'anthropic',
    expected: { text: '', usage: { inputTokens: 12, outputTokens: 2 }, finish: 'content-filter' },
  },
  {
    name: 'anthropic-error',
    provider: 'anthropic',
    expected: { text: 'Par', finish: null, failure: { code: 'upstream_failed', isRetryable: true } },
  },
  {
    name: 'anthropic-tool-use',
    provider: 'anthropic',
    expected: {
      reasoning: 'I need the weather',
      text: 'Looking.',
      tools: {
        toolu_01: { name: 'get_weather', streamed: '{"location": "Paris"}', input: { location: 'Paris' } },
        toolu_02: { name: 'get_time', streamed: '', input: {} },
      },
      usage: { inputTokens: 12, outputTokens: 89 },
      finish: 'tool-calls',
    },
  },
  {
    name: 'anthropic-second-start',
    provider: 'anthropic',
    expected: { superseded: 1, text: 'Whole answer', finish: 'length' },
  },
  {
    name: 'anthropic-search',
    provider: 'anthropic',
    expected: {
      steps: { srvtoolu_1: { name: 'web_search', kind: 'tool', status: 'done' } },
      sources: [{ title: 'Page', url: 'https://example.com/p' }],
      text: 'Found',
      finish: 'stop',
    },
  },
]

const fastgptIds = { messageId: 'answer-1', conversationId: 'chat-1' }

const fastgpt: Transcript[] = [
  {
    name: 'fastgpt-plain',
    provider: 'fastgpt',
    options: { detail: false },
    expected: { text: 'Hello 世界', ids: { messageId: 'answer-1' }, usage: null, finish: 'stop' },
  },
  {
    name: 'fastgpt-old-plain',
    provider: 'fastgpt',
    options: { detail: false },
    expected: { text: 'Hello', finish: 'stop' },
  },
  {
    name: 'fastgpt-detail',
    provider: 'fastgpt',
    conversationId: 'chat-1',
    expected: {
      reasoning: 'Hm',
      text: 'Hello 知识',
      steps: {
        'node-1': { name: 'Knowledge base search', kind: 'retrieval', status: 'done', durationMs: 400 },
        'node-2': { name: 'AI chat', kind: 'node', status: 'done', durationMs: 1200 },
        'tool-t1': { name: 'Search', kind: 'tool', status: 'done', detail: 'found it' },
      },
      sources: [{ title: 'handbook.pdf' }],
      usage: { inputTokens: 64, outputTokens: 11 },
      ids: fastgptIds,
      finish: 'stop',
    },
  },
  {
    name: 'fastgpt-v2',
    provider: 'fastgpt',
    options: { apiVersion: 'v2' },
    expected: {
      text: 'Hello',
      steps: {
        'node-1': { name: 'AI chat', kind: 'node', status: 'done', durationMs: 500 },
        'node-2': { name: 'Classifier', kind: 'node', status: 'done', durationMs: 100 },
      },
      usage: { inputTokens: 15, outputTokens: 3 },
      finish: 'stop',
    },
  },
  {
    name: 'fastgpt-error',
    provider: 'fastgpt',
    expected: { ids: {}, failure: { code: 'upstream_auth', isRetryable: false } },
  },
  {
    name: 'fastgpt-late-error',
    provider: 'fastgpt',
    expected: {
      text: 'Hel',
      steps: { 'node-1': { name: 'AI chat', kind: 'node', status: 'failed' } },
      failure: { code: 'upstream_failed', message: 'connect ETIMEDOUT' },
    },
  },
  {
    name: 'fastgpt-select',
    provider: 'fastgpt',
    expected: {
      requests: [
        {
          kind: 'select',
          title: 'Which one?',
          options: [
            { key: 'Red 红', label: 'Red 红' },
            { key: 'Blue', label: 'Blue' },
          ],
          fields: [],
        },
      ],
      finish: 'stop',
    },
  },
  {
    name: 'fastgpt-form',
    provider: 'fastgpt',
    expected: {
      requests: [
        {
          kind: 'form',
          title: 'Please fill in',
          options: [],
          fields: [
            { key: 'name', label: 'Your name', type: 'text', isRequired: true, defaultValue: '', maxLength: 50 },
            { key: 'age', label: 'Age', type: 'number', isRequired: false, defaultValue: '' },
            { key: 'color', label: 'Color', type: 'select', isRequired: false, options: ['red', 'blue'] },
          ],
        },
      ],
      finish: 'stop',
    },
  },
]

const chatflow: Transcript['expected'] = {
  text: 'Chatflow 流',
  reasoning: 'why',
  steps: {
    'node-e-2': { name: 'Retrieval', kind: 'retrieval', status: 'done', durationMs: 250 },
    'node-e-3': { name: 'LLM', kind: 'node', status: 'done', durationMs: 1000 },
  },
  usage: difyUsage,
  ids: { ...difyIds, runId: 'run-1' },
  finish: 'stop',
}

const dify: Transcript[] = [
  {
    name: 'dify-chat',
    provider: 'dify',
    expected: {
      text: " I'm glad 很高兴",
      sources: [{ title: 'iPhone List' }],
      usage: difyUsage,
      ids: difyIds,
      finish: 'stop',
    },
  },
  {
    name: 'dify-agent',
    provider: 'dify',
    expected: {
      text: 'It is here',
      steps: {
        'thought-th-1': { name: 'web_search', kind: 'tool', status: 'done', detail: '{"web_search":{"q":"x"}}' },
      },
      sources: [{ title: 'image', url: 'https://example.com/i.png' }, { title: 'iPhone List' }],
      finish: 'stop',
    },
  },
  { name: 'dify-chatflow', provider: 'dify', expected: chatflow },
  { name: 'dify-chatflow-old-order', provider: 'dify', expected: chatflow },
  {
    name: 'dify-failed',
    provider: 'dify',
    expected: { text: 'Par', finish: null, failure: { code: 'upstream_rate_limited', isRetryable: true } },
  },
  {
    name: 'dify-error',
    provider: 'dify',
    expected: { failure: { code: 'upstream_quota', isRetryable: false } },
  },
  {
    name: 'dify-replace',
    provider: 'dify',
    expected: { superseded: 1, text: "I can't say that.", finish: 'stop' },
  },
  {
    name: 'dify-paused',
    provider: 'dify',
    expected: {
      requests: [
        {
          kind: 'select',
          title: 'Approve the request?',
          options: [
            { key: 'approve', label: 'Approve' },
            { key: 'reject', label: 'Reject' },
          ],
          fields: [],
        },
      ],
      finish: 'other',
    },
  },
]

export const transcripts: readonly Transcript[] = [
  ...openai,
  ...compatible,
  ...responses,
  ...anthropic,
  ...fastgpt,
  ...dify,
]
