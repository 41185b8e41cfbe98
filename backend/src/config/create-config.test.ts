import { describe, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { createConfig, type Environment } from './create-config.ts'

const SECRET = 'dJ3kX9vQ2mZr7LwT5hYbN8sPaGcEfU4i'

function findProblems(environment: Environment): string[] {
  try {
    createConfig(environment)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((problem) => problem.variable)
  }
}

describe('createConfig', () => {
  test('needs nothing on a bare machine', () => {
    const config = createConfig({})
    expect(config).toMatchObject({
      mode: 'embedded',
      host: '127.0.0.1',
      port: 3001,
      dataDir: './data',
      databaseUrl: null,
      databasePoolMax: 50,
      databaseReplica: null,
      databaseTimeouts: { statementMs: 10_000, idleInTransactionMs: 30_000, connectMs: 5000 },
      slowStatementMs: 500,
      isDemoEnabled: true,
      rateLimitPerMinute: null,
      loginAttemptsPerMinute: 10,
      bodyLimitBytes: 2 * 1024 * 1024,
      loginSession: { idleMs: 7 * 86_400_000, absoluteMs: 30 * 86_400_000 },
      heartbeatMs: 1500,
      drain: { acceptMs: 0, finishMs: 10_000, forceMs: 15_000 },
      ssePingMs: 15_000,
      sseMaxBufferBytes: 256 * 1024,
      providerKeys: { openai: null, anthropic: null, ollamaUrl: 'http://127.0.0.1:11434' },
      secretKey: null,
    })
    expect(config.generation).toMatchObject({
      connectMs: 10_000,
      firstContentMs: 120_000,
      idleMs: 60_000,
      totalMs: 900_000,
      flushMs: 40,
      checkpointMs: 2500,
      logTtlMs: 600_000,
    })
  })

  test('reports all problems at once, with variable, rule and example, and without the value', () => {
    const environment = { PORT: '70000', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://root:geheim@db', DRAIN_MS: '1 s' }
    expect(() => createConfig(environment)).toThrow(ConfigError)
    expect(findProblems(environment).sort()).toEqual(['DATABASE_URL', 'DRAIN_MS', 'LOG_LEVEL', 'PORT'])
    expect(() => createConfig(environment)).toThrow('PORT must be a whole number from 0 to 65535. Example: PORT=3001')
    expect(() => createConfig(environment)).not.toThrow('geheim')
  })

  test.each<[string, Environment, 'embedded' | 'production']>([
    ['a loopback host', { HOST: 'localhost' }, 'embedded'],
    ['an open host', { HOST: '0.0.0.0' }, 'production'],
    ['a database', { DATABASE_URL: 'postgresql://db/llmchat' }, 'production'],
    ['an override', { HOST: '0.0.0.0', LLMCHAT_MODE: 'embedded' }, 'embedded'],
    ['an override the other way', { LLMCHAT_MODE: 'production' }, 'production'],
  ])('takes the mode from %s', (_name, environment, mode) => {
    const config = createConfig({ SECRET_KEY: SECRET, PUBLIC_URL: 'https://chat.example', ...environment })
    expect(config.mode).toBe(mode)
  })

  test('refuses unsafe production', () => {
    const production = { LLMCHAT_MODE: 'production' }
    expect(findProblems(production)).toEqual(['SECRET_KEY', 'PUBLIC_URL'])
    expect(findProblems({ ...production, SECRET_KEY: SECRET, PUBLIC_URL: 'http://chat' })).toEqual(['PUBLIC_URL'])
    expect(findProblems({ ...production, SECRET_KEY: SECRET, ALLOW_INSECURE_HTTP: '1' })).toEqual([])
    const example = '(the output of: openssl rand -base64 48)'
    expect(findProblems({ ...production, SECRET_KEY: example, ALLOW_INSECURE_HTTP: '1' })).toEqual(['SECRET_KEY'])
  })

  test('production brings a rate limit and neither demo agents nor a search for Ollama', () => {
    const production = { LLMCHAT_MODE: 'production', SECRET_KEY: SECRET, PUBLIC_URL: 'https://chat.example/' }
    expect(createConfig(production)).toMatchObject({
      rateLimitPerMinute: 1000,
      isDemoEnabled: false,
      publicUrl: 'https://chat.example',
      providerKeys: { ollamaUrl: null },
    })
    const asked = createConfig({ ...production, RATE_LIMIT_PER_MINUTE: '0', DEMO_AGENTS: 'on', OLLAMA_HOST: '0.0.0.0' })
    expect(asked).toMatchObject({
      rateLimitPerMinute: null,
      isDemoEnabled: true,
      providerKeys: { ollamaUrl: 'http://127.0.0.1:11434' },
    })
  })

  test('wants the admin’s two variables together', () => {
    expect(findProblems({ ADMIN_EMAIL: 'a@b.example' })).toEqual(['ADMIN_PASSWORD'])
    expect(findProblems({ ADMIN_PASSWORD: 'long enough!' })).toEqual(['ADMIN_EMAIL'])
    expect(findProblems({ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'too short' })).toEqual(['ADMIN_PASSWORD'])
    const config = createConfig({ ADMIN_EMAIL: 'A@B.example', ADMIN_PASSWORD: 'long enough!' })
    expect(config.admin).toEqual({ email: 'a@b.example', password: 'long enough!' })
  })

  test('checks values against each other', () => {
    expect(findProblems({ DRAIN_MS: '20000' })).toEqual(['DRAIN_FORCE_MS'])
    expect(findProblems({ LOGIN_IDLE_MS: '10', LOGIN_ABSOLUTE_MS: '9' })).toEqual(['LOGIN_ABSOLUTE_MS'])
  })

  test('takes an empty value for none, and lists apart', () => {
    const config = createConfig({ PORT: ' ', DATABASE_URL: '', OUTBOUND_ALLOWED_HOSTS: ' a.example, 10.0.0.1:80 ,' })
    expect(config).toMatchObject({ port: 3001, databaseUrl: null, outboundAllowedHosts: ['a.example', '10.0.0.1:80'] })
  })
})
