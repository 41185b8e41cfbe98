import {
  AdminAgentListSchema,
  AdminAgentSchema,
  AgentAccessSchema,
  AgentTestSchema,
  CreateAgentRequestSchema,
  UpdateAgentRequestSchema,
} from '@llmchat/protocol/api/admin-schema'
import Type from 'typebox'
import type { HttpApp } from '../../app-types.ts'
import type { ActDescription, ActWriter } from '../../audit/create-act-writer.ts'
import { mayOperate, mayReadAdminLists } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

type AgentRouteDeps = Pick<Administration, 'agents' | 'agentAccess' | 'testAgent'> & { acts: ActWriter }

const params = Type.Object({ agentId: Type.String({ minLength: 1, maxLength: 64 }) })

function toAct(action: ActDescription['action'], agentId: string, details = {}): ActDescription {
  return { action, target: { kind: 'agent', id: agentId }, details }
}

export function addAgentAdministrationRoutes(app: HttpApp, deps: AgentRouteDeps): void {
  const { agents, acts } = deps
  app.get(
    '/api/admin/agents',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'List all agents with their settings, without keys', response: { 200: AdminAgentListSchema } },
    },
    async () => ({ agents: await agents.listAgents() }),
  )

  app.get(
    '/api/admin/agents/:agentId',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'Get one agent with its settings', params, response: { 200: AdminAgentSchema } },
    },
    (request) => agents.getAgent(request.params.agentId),
  )

  app.post(
    '/api/admin/agents',
    {
      config: { policy: mayOperate },
      schema: {
        summary: 'Make an agent; its key is never shown again',
        body: CreateAgentRequestSchema,
        response: { 201: AdminAgentSchema },
      },
    },
    async (request, reply) => {
      const act = toAct('agent.created', request.body.id)
      const create = () => agents.createAgent(request.body, acts.alongside(request, act))
      return reply.code(201).send(await acts.orFailure(request, act, create))
    },
  )

  app.patch(
    '/api/admin/agents/:agentId',
    {
      config: { policy: mayOperate },
      schema: {
        summary: 'Change an agent, switch it off or on, replace its key',
        params,
        body: UpdateAgentRequestSchema,
        response: { 200: AdminAgentSchema },
      },
    },
    (request) => {
      const { agentId } = request.params
      const act = toAct('agent.changed', agentId, { fields: Object.keys(request.body) })
      const update = () => agents.updateAgent(agentId, request.body, acts.alongside(request, act))
      return acts.orFailure(request, act, update)
    },
  )

  app.delete(
    '/api/admin/agents/:agentId',
    {
      config: { policy: mayOperate },
      schema: { summary: 'Delete an agent; its chats stay', params, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { agentId } = request.params
      await agents.deleteAgent(agentId, acts.alongside(request, toAct('agent.deleted', agentId)))
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/admin/agents/:agentId/access',
    {
      config: { policy: mayOperate },
      schema: {
        summary: 'Say which groups may see an agent, and which may not',
        params,
        body: AgentAccessSchema,
        response: { 200: AdminAgentSchema },
      },
    },
    async (request) => {
      const { agentId } = request.params
      const { rules } = request.body
      const details = { rules: rules.map((rule) => `${rule.effect} ${rule.groupId}`) }
      const act = toAct('agent.access-changed', agentId, details)
      await deps.agentAccess.replaceRules(agentId, rules, acts.alongside(request, act))
      return agents.getAgent(agentId)
    },
  )

  app.post(
    '/api/admin/agents/:agentId/test',
    {
      config: { policy: mayOperate },
      schema: {
        summary: 'Ask the agent a short question over its real connection',
        params,
        response: { 200: AgentTestSchema },
      },
    },
    async (request) => {
      const { agentId } = request.params
      const result = await deps.testAgent(agentId)
      const details = { isWorking: result.isWorking, errorCode: result.errorCode }
      await acts.record(request, toAct('agent.tested', agentId, details))
      return result
    },
  )
}
