import type { Config } from '../config/config.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { toBaseUrl } from '../providers/normalise-base-url.ts'
import type { WiredInAgent } from './wired-in-agents.ts'

const OPENAI_MODEL = 'gpt-5-mini'
const ANTHROPIC_MODEL = 'claude-sonnet-4-5'
const OLLAMA_LIMIT_MS = 500
const OLLAMA_MAX_BYTES = 1_000_000

function findModelNames(body: string): string[] {
  let tags: unknown
  try {
    tags = JSON.parse(body)
  } catch {
    return []
  }
  const models = typeof tags === 'object' && tags !== null && 'models' in tags ? tags.models : null
  if (!Array.isArray(models)) return []
  return models.flatMap((model: unknown) =>
    typeof model === 'object' && model !== null && 'name' in model && typeof model.name === 'string'
      ? [model.name]
      : [],
  )
}

/** Names of the models of an Ollama at `url`; empty when none answers there within half a second. */
export async function listOllamaModels(
  deps: { outbound: Pick<OutboundClient, 'send'> },
  url: string,
): Promise<string[]> {
  try {
    const reply = await deps.outbound.send(
      { method: 'GET', url: `${url}/api/tags`, headers: {} },
      { totalMs: OLLAMA_LIMIT_MS, maxBytes: OLLAMA_MAX_BYTES },
    )
    return reply.status === 200 ? findModelNames(reply.body) : []
  } catch {
    // On most machines there is none, and that is no event.
    return []
  }
}

/**
 * The agents that the environment brings, one per provider. The outbound client must allow the Ollama's host and port.
 */
export async function findEnvironmentAgents(
  deps: { outbound: Pick<OutboundClient, 'send'> },
  keys: Config['providerKeys'],
): Promise<WiredInAgent[]> {
  const agents: WiredInAgent[] = []
  // The two models look at pictures and read PDF; of what an Ollama holds nothing is known.
  const common = { suggestions: [], options: {}, takesImages: true, takesFiles: true }
  if (keys.openai !== null) {
    agents.push({
      ...common,
      id: 'env-openai',
      name: 'OpenAI',
      description: `${OPENAI_MODEL} (OPENAI_API_KEY)`,
      provider: 'openai',
      baseUrl: toBaseUrl('openai', ''),
      apiKey: keys.openai,
      model: OPENAI_MODEL,
    })
  }
  if (keys.anthropic !== null) {
    agents.push({
      ...common,
      id: 'env-anthropic',
      name: 'Anthropic',
      description: `${ANTHROPIC_MODEL} (ANTHROPIC_API_KEY)`,
      provider: 'anthropic',
      baseUrl: toBaseUrl('anthropic', ''),
      apiKey: keys.anthropic,
      model: ANTHROPIC_MODEL,
    })
  }
  const [model] = keys.ollamaUrl === null ? [] : await listOllamaModels(deps, keys.ollamaUrl)
  if (keys.ollamaUrl !== null && model !== undefined) {
    agents.push({
      ...common,
      id: 'env-ollama',
      name: 'Ollama',
      description: `${model} (Ollama)`,
      provider: 'openai',
      baseUrl: toBaseUrl('openai', keys.ollamaUrl),
      apiKey: null,
      model,
      takesImages: false,
      takesFiles: false,
    })
  }
  return agents
}
