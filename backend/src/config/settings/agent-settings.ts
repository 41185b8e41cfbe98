import { createFlagSetting, createListSetting, createTextSetting } from '../setting.ts'
import { parseOllamaHost, parseText } from '../setting-parsers.ts'

export const agentSettings = {
  agentsFile: createTextSetting({
    variable: 'AGENTS_FILE',
    description: 'Agents imported at every start; see config/agents.example.json.',
    rule: 'a path',
    example: 'config/agents.json',
    default: null,
    parse: parseText,
  }),
  demoAgents: createFlagSetting({
    variable: 'DEMO_AGENTS',
    description: 'Simulated agents, labelled as such, to try everything without a key.',
    default: null,
    defaultText: 'on unless in production',
  }),
  openaiApiKey: createTextSetting({
    variable: 'OPENAI_API_KEY',
    description: 'When set, OpenAI becomes an agent by itself.',
    rule: 'a key',
    example: '(your key)',
    default: null,
    parse: parseText,
  }),
  anthropicApiKey: createTextSetting({
    variable: 'ANTHROPIC_API_KEY',
    description: 'When set, Anthropic becomes an agent by itself.',
    rule: 'a key',
    example: '(your key)',
    default: null,
    parse: parseText,
  }),
  ollamaUrl: createTextSetting({
    variable: 'OLLAMA_HOST',
    description: 'Where an Ollama may run; if one answers there, its first model becomes an agent.',
    rule: 'a host, host:port or http address',
    example: '127.0.0.1:11434',
    default: null,
    defaultText: '127.0.0.1:11434 unless in production',
    parse: parseOllamaHost,
  }),
  outboundAllowedHosts: createListSetting({
    variable: 'OUTBOUND_ALLOWED_HOSTS',
    description: 'Private addresses that agents may have; all public ones are allowed, private ones refused.',
    rule: 'host names, *.suffixes, host:port pairs or IP addresses, separated by commas',
    example: 'fastgpt.corp.example,10.1.2.3:3000',
  }),
}
