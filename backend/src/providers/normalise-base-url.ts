import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import { AppError } from '../base/app-error.ts'

interface BaseUrlRule {
  default: string
  /** What people paste behind the base. */
  endpoint: RegExp
  /** Added when a URL names nothing but a host. */
  path: string
}

const rules: Readonly<Record<ProviderName, BaseUrlRule>> = {
  openai: {
    default: 'https://api.openai.com/v1',
    endpoint: /\/(chat\/completions|completions|responses|models)$/,
    path: '/v1',
  },
  'openai-responses': {
    default: 'https://api.openai.com/v1',
    endpoint: /\/(responses|chat\/completions|models)$/,
    path: '/v1',
  },
  anthropic: { default: 'https://api.anthropic.com', endpoint: /\/v1(\/messages)?$/, path: '' },
  fastgpt: { default: 'https://api.fastgpt.in/api', endpoint: /\/v[12](\/chat\/completions)?$/, path: '/api' },
  dify: { default: 'https://api.dify.ai/v1', endpoint: /\/chat-messages$/, path: '/v1' },
}

/**
 * Turns what an administrator pasted (base, full endpoint, bare host, trailing slashes) into the base of a target; empty
 * gives the provider's own. Throws AppError `invalid_request` when it is no http or https URL or carries credentials.
 */
export function toBaseUrl(provider: ProviderName, url: string): string {
  const rule = rules[provider]
  const text = url.trim()
  if (text === '') return rule.default
  const parsed = URL.canParse(text) ? new URL(text) : null
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new AppError('invalid_request', { message: 'The base URL must begin with http:// or https://.' })
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new AppError('invalid_request', { message: 'The base URL must not carry credentials.' })
  }
  const path = parsed.pathname.replace(/\/+$/, '')
  if (path === '') return parsed.origin + rule.path
  return parsed.origin + path.replace(rule.endpoint, '').replace(/\/+$/, '')
}
