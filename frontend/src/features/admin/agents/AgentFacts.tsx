import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import type { ReactNode } from 'react'
import { DrawerSection, Facts } from '../ui/Drawer.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { AgentState } from './AgentSummaries.tsx'
import { hasAppId, hasModel, providerLabels } from './provider-fields.ts'

interface AgentFactsProps {
  agent: AdminAgent
  /** Null: this person may not. */
  onEdit: (() => void) | null
}

/** The settings of an agent, as far as its provider has them. */
export function AgentFacts({ agent, onEdit }: AgentFactsProps) {
  const text = useAdminText()
  const { origin } = agent
  const edit = onEdit ? (
    <button type="button" className="btn" onClick={onEdit}>
      {text('admin.agents.edit')}
    </button>
  ) : null
  return (
    <>
      <DrawerSection title={text('admin.agents.settings')} action={edit}>
        {origin === 'demo' || origin === 'environment' ? (
          <p className="admin-warning">{text(`admin.agents.origin.hint.${origin}`)}</p>
        ) : null}
        <Facts facts={useGeneralFacts(agent)} />
      </DrawerSection>
      <DrawerSection title={text('admin.agents.connection')}>
        <Facts facts={useConnectionFacts(agent)} />
      </DrawerSection>
    </>
  )
}

type Fact = readonly [string, ReactNode]

function useGeneralFacts(agent: AdminAgent): Fact[] {
  const text = useAdminText()
  const none = text('admin.none')
  return [
    [text('admin.agents.id'), <code key="id">{agent.id}</code>],
    [text('admin.agents.description'), agent.description || none],
    [
      text('admin.agents.state'),
      <>
        <AgentState agent={agent} />
        {agent.isDefault ? <span className="badge">{text('admin.agents.default')}</span> : null}
      </>,
    ],
    [text('admin.agents.maxConcurrent'), agent.maxConcurrent ?? text('admin.agents.limit.none')],
    [
      text('admin.agents.fallback'),
      agent.fallbackAgentIds.length === 0 ? text('admin.agents.fallback.none') : agent.fallbackAgentIds.join(' → '),
    ],
    [text('admin.agents.takes'), text(`admin.agents.takes.${toTakes(agent)}`)],
    [text('admin.agents.suggestions'), agent.suggestions.length === 0 ? none : agent.suggestions.join(' · ')],
    [text('admin.agents.origin'), text(`admin.agents.origin.${agent.origin}`)],
    [text('admin.agents.created'), <Moment key="created" iso={agent.createdAt} />],
    [text('admin.agents.updated'), <Moment key="updated" iso={agent.updatedAt} />],
  ]
}

function toTakes({ takesImages, takesFiles }: AdminAgent): 'all' | 'images' | 'files' | 'text' {
  if (takesImages) return takesFiles ? 'all' : 'images'
  return takesFiles ? 'files' : 'text'
}

function useConnectionFacts(agent: AdminAgent): Fact[] {
  const text = useAdminText()
  const none = text('admin.none')
  const { provider, options } = agent
  const modelFacts: Fact[] = [
    [text('admin.agents.modelName'), agent.model ?? none],
    [text('admin.agents.systemPrompt'), agent.systemPrompt ?? none],
    [text('admin.agents.temperature'), agent.temperature ?? none],
    [text('admin.agents.maxTokens'), agent.maxTokens ?? none],
    [text('admin.agents.hedge'), agent.hedgeAfterMs ?? none],
  ]
  return [
    [text('admin.agents.provider'), providerLabels[provider]],
    [text('admin.agents.baseUrl'), <code key="url">{agent.baseUrl}</code>],
    [text('admin.agents.key'), text(agent.hasApiKey ? 'admin.agents.key.stored' : 'admin.agents.key.none')],
    ...(hasAppId(provider) ? [[text('admin.agents.appId'), agent.appId ?? none] as const] : []),
    ...(hasModel(provider) ? modelFacts : []),
    [
      text('admin.agents.options'),
      Object.keys(options).length === 0 ? none : <code key="options">{JSON.stringify(options)}</code>,
    ],
  ]
}
