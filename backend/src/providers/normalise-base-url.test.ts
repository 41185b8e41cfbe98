import { describe, expect, it } from 'vitest'
import { toBaseUrl } from './normalise-base-url.ts'

describe('toBaseUrl', () => {
  it.each([
    ['openai', '', 'https://api.openai.com/v1'],
    ['openai', ' https://api.openai.com ', 'https://api.openai.com/v1'],
    ['openai', 'https://api.openai.com/v1/', 'https://api.openai.com/v1'],
    ['openai', 'https://host/v1/chat/completions', 'https://host/v1'],
    ['openai', 'https://host/v1/chat/completions/?x=1#y', 'https://host/v1'],
    ['openai', 'https://api.deepseek.com/chat/completions', 'https://api.deepseek.com'],
    ['openai', 'http://localhost:11434', 'http://localhost:11434/v1'],
    ['openai', 'https://x.azure.com/openai/deployments/d/', 'https://x.azure.com/openai/deployments/d'],
    ['openai-responses', 'https://host/v1/responses', 'https://host/v1'],
    ['openai-responses', '', 'https://api.openai.com/v1'],
    ['anthropic', '', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.anthropic.com/', 'https://api.anthropic.com'],
    ['anthropic', 'https://proxy/claude/v1/messages', 'https://proxy/claude'],
    ['anthropic', 'https://proxy/v1', 'https://proxy'],
    ['fastgpt', '', 'https://api.fastgpt.in/api'],
    ['fastgpt', 'https://host', 'https://host/api'],
    ['fastgpt', 'https://host/api/', 'https://host/api'],
    ['fastgpt', 'https://host/api/v1', 'https://host/api'],
    ['fastgpt', 'https://host/api/v1/chat/completions', 'https://host/api'],
    ['fastgpt', 'https://host/api/v2/chat/completions', 'https://host/api'],
    ['dify', '', 'https://api.dify.ai/v1'],
    ['dify', 'https://host', 'https://host/v1'],
    ['dify', 'https://host/v1/chat-messages', 'https://host/v1'],
  ] as const)('%s %s', (provider, url, expected) => {
    expect(toBaseUrl(provider, url)).toBe(expected)
  })

  it.each(['ftp://host', 'host/v1', 'https://user:pass@host/v1'])('refuses %s', (url) => {
    expect(() => toBaseUrl('openai', url)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
