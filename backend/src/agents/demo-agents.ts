import type { ProviderName } from '@llmchat/protocol/api/agent-schema'
import type { WiredInAgent } from './wired-in-agents.ts'

const LABEL = '模拟智能体，背后没有语言模型。Simulated: no language model answers here.'

/** The simulator reads its plan out of the model's name, or out of the key where a provider has no models. */
const PACE = 'corpus=demo,ttft=400,gap=25'

const SUGGESTIONS = ['你是谁？', '给我看一个表格', 'Show me some code', 'Tell me a long story']

/** One simulated agent for each protocol. `toBase` gives the simulator's base URL of a provider. */
export function createDemoAgents(toBase: (provider: ProviderName) => string): WiredInAgent[] {
  const common = { suggestions: SUGGESTIONS, options: { demo: true }, takesImages: true, takesFiles: true }
  return [
    {
      ...common,
      id: 'demo-openai',
      name: 'Demo · OpenAI',
      description: LABEL,
      provider: 'openai',
      baseUrl: toBase('openai'),
      apiKey: 'sim',
      model: `sim:${PACE}`,
    },
    {
      ...common,
      id: 'demo-anthropic',
      name: 'Demo · Anthropic',
      description: `${LABEL} 先思考再回答 · thinks before it answers.`,
      provider: 'anthropic',
      baseUrl: toBase('anthropic'),
      apiKey: 'sim',
      model: `sim:${PACE},reasoning=40`,
    },
    {
      ...common,
      id: 'demo-fastgpt',
      name: 'Demo · FastGPT',
      description: `${LABEL} 展示工作流步骤 · shows the steps of a workflow.`,
      provider: 'fastgpt',
      baseUrl: toBase('fastgpt'),
      apiKey: `fastgpt-sim:${PACE},steps=3`,
      model: null,
      options: { demo: true, apiVersion: 'v2' },
    },
    {
      ...common,
      id: 'demo-dify',
      name: 'Demo · Dify',
      description: `${LABEL} 展示对话流的节点 · shows the nodes of a chatflow.`,
      provider: 'dify',
      baseUrl: toBase('dify'),
      apiKey: `app-sim:${PACE},mode=workflow,steps=2`,
      model: null,
    },
  ]
}
