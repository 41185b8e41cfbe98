import type { Simulator } from '@llmchat/simulator/open-simulator'

export const providers = ['openai', 'openai-responses', 'anthropic', 'fastgpt', 'dify'] as const
export type TestProvider = (typeof providers)[number]

/** One agent per provider on the simulator, and a few that cannot work. */
export function toTestAgents(simulator: Pick<Simulator, 'baseUrl'>): object[] {
  const keys: Record<TestProvider, object> = {
    openai: { apiKey: 'sk-sim', model: 'sim' },
    'openai-responses': { apiKey: 'sk-sim', model: 'sim', options: { isBackground: true } },
    anthropic: { apiKey: 'sk-ant-sim', model: 'sim', maxTokens: 100_000 },
    fastgpt: { apiKey: 'fastgpt-sim', appId: 'app1' },
    dify: { apiKey: 'app-sim' },
  }
  return [
    ...providers.map((provider) => ({
      id: provider,
      name: `Test ${provider}`,
      provider,
      baseUrl: simulator.baseUrl(provider),
      isDefault: provider === 'openai',
      takesImages: true,
      takesFiles: true,
      ...keys[provider],
    })),
    { id: 'off', name: 'Off', provider: 'openai', baseUrl: simulator.baseUrl('openai'), apiKey: 'x', isActive: false },
    // A refused key opens an agent's circuit at once; this one is there to be refused.
    {
      id: 'refused',
      name: 'Refused',
      provider: 'openai',
      baseUrl: simulator.baseUrl('openai'),
      apiKey: 'sk-sim',
      model: 'sim',
    },
    { id: 'dead', name: 'Dead', provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'x', model: 'sim' },
    {
      id: 'prefill',
      name: 'Prefill',
      provider: 'openai',
      baseUrl: simulator.baseUrl('openai'),
      apiKey: 'sk-sim',
      model: 'sim',
      options: { canContinue: true },
    },
  ]
}

/** Lets the server reach the simulator and a port where nobody listens. */
export function toOutboundEnv(simulator: Pick<Simulator, 'url'>): Record<string, string> {
  return { OUTBOUND_ALLOWED_HOSTS: `${new URL(simulator.url).host},127.0.0.1:9` }
}
