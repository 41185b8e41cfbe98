import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { containing } from '../../../tests/support/containing.ts'
import { AppError } from '../base/app-error.ts'
import { findPlaceholders } from './fill-placeholders.ts'
import { parseAgentsFile } from './parse-agents-file.ts'

function findProblems(file: unknown, environment: Record<string, string> = {}): string[] {
  try {
    parseAgentsFile(JSON.stringify(file), environment)
    return []
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_request') throw error
    const { details } = error
    if (typeof details !== 'object' || details === null || !('problems' in details)) return [error.message]
    return Array.isArray(details.problems) ? details.problems.map(String) : []
  }
}

describe('parseAgentsFile', () => {
  test('takes the example file', async () => {
    const text = await readFile(new URL('../../../config/agents.example.json', import.meta.url), 'utf8')
    const names = findPlaceholders(text)
    expect(names).toContain('FASTGPT_API_KEY')
    const agents = parseAgentsFile(text, Object.fromEntries(names.map((name) => [name, `key of ${name}`])))
    expect(agents.length).toBeGreaterThan(3)
    expect(agents[0]).toMatchObject({ apiKey: 'key of FASTGPT_API_KEY' })
  })

  test('normalises the base URL and fills in the provider’s own', () => {
    const text = JSON.stringify({
      agents: [
        { id: 'a', name: 'A', provider: 'fastgpt', baseUrl: 'https://f.example/api/v1/chat/completions/' },
        { id: 'b', name: 'B', provider: 'anthropic' },
      ],
    })
    expect(parseAgentsFile(text, {}).map((agent) => agent.baseUrl)).toEqual([
      'https://f.example/api',
      'https://api.anthropic.com',
    ])
  })

  test('fills placeholders everywhere, several in one string too', () => {
    const agent = {
      id: 'a',
      name: 'A',
      provider: 'dify',
      apiKey: '${ONE}-${TWO}',
      options: { inputs: { k: ['${ONE}'] } },
    }
    const [parsed] = parseAgentsFile(JSON.stringify({ agents: [agent] }), { ONE: '1', TWO: '2' })
    expect(parsed).toMatchObject({ apiKey: '1-2', options: { inputs: { k: ['1'] } } })
  })

  test('tells of fall-backs and hedges that cannot be', () => {
    const agents = [
      {
        id: 'a',
        name: 'A',
        provider: 'dify',
        baseUrl: 'https://d.example',
        fallbackAgentIds: ['a'],
        hedgeAfterMs: 500,
      },
      { id: 'b', name: 'B', provider: 'openai', fallbackAgentIds: ['a', 'a'], maxConcurrent: 0 },
      { id: 'c', name: 'C', provider: 'openai', fallbackAgentIds: ['a', 'a'] },
    ]
    expect(findProblems({ agents })).toEqual([
      'agents[0] "a": an agent cannot be its own fall-back',
      'agents[0] "a": hedgeAfterMs is not possible on dify: it keeps the conversation itself',
      'agents[1] "b": maxConcurrent must be >= 1',
      'agents[2] "c": fallbackAgentIds names an agent twice',
    ])
  })

  test('tells all problems of all entries', () => {
    const agents = [
      { id: 'bad id', name: '', provider: 'gpt', colour: 'red', temperature: 3 },
      { id: 'two', provider: 'dify', apiKey: '${DIFY_KEY}' },
      { id: 'three', name: 'C', provider: 'openai', baseUrl: 'ftp://c' },
      { id: 'same', name: 'D', provider: 'openai', isDefault: true },
      { id: 'same', name: 'E', provider: 'openai', isDefault: true },
    ]
    expect(findProblems({ agents })).toEqual([
      'agents[0] "bad id": colour is not a known field',
      containing('agents[0] "bad id": id must match pattern'),
      containing('agents[0] "bad id": name must NOT have fewer than 1'),
      'agents[0] "bad id": provider must be one of openai, openai-responses, anthropic, fastgpt, dify',
      containing('agents[0] "bad id": temperature must be <= 2'),
      'agents[1] "two": the environment variable DIFY_KEY is not set',
      'agents[1] "two": name is missing',
      'agents[2] "three": baseUrl: The base URL must begin with http:// or https://.',
      'the id "same" is used more than once',
      'only one agent can be the default, not same and same',
    ])
  })

  test('tells what is wrong with the file itself', () => {
    expect(() => parseAgentsFile('{"agents": [', {})).toThrow('not valid JSON')
    for (const file of [[], { agents: {} }, { agents: [], more: 1 }, null]) {
      expect(findProblems(file)).toEqual([containing('{"agents": [ … ]}')])
    }
    expect(findProblems({ agents: [7] })).toEqual([containing('agents[0]: it must be object')])
  })
})
