import type { AgentRouteDeps, AgentSummary } from '../agent-routes.ts'
import { AppError } from '../../../base/app-error.ts'
import type { RoutePlugin } from '../../app-types.ts'
import { isSignedIn } from '../../policies/is-signed-in.ts'

/** `GET /v1/models`: the agents that may be asked, as OpenAI lists models. */
export function createModelsRoute(deps: Pick<AgentRouteDeps, 'listVisibleAgents'>): RoutePlugin {
  const config = { policy: isSignedIn('read', 'chat') }
  return (app) => {
    app.get('/v1/models', { config, schema: { summary: 'List agents as models' } }, async (request) => {
      const agents = await deps.listVisibleAgents(request.user.id)
      return { object: 'list', data: agents.filter((agent) => agent.isActive).map(toModel) }
    })
    app.get<{ Params: { id: string } }>(
      '/v1/models/:id',
      { config, schema: { summary: 'One agent as a model' } },
      async (request) => {
        const agents = await deps.listVisibleAgents(request.user.id)
        const agent = agents.find((one) => one.id === request.params.id && one.isActive)
        if (!agent) throw new AppError('agent_not_found', { details: { param: 'model' } })
        return toModel(agent)
      },
    )
  }
}

function toModel(agent: AgentSummary): object {
  return { id: agent.id, object: 'model', created: 0, owned_by: 'llmchat', name: agent.name }
}
