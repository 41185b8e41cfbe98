import {
  AgentPriceListSchema,
  AgentPriceSchema,
  CreateQuotaRequestSchema,
  QuotaLimitsSchema,
  QuotaListSchema,
  QuotaSchema,
  UsageQuerySchema,
  UsageReportSchema,
  type CreateQuotaRequest,
  type Quota,
} from '@llmchat/protocol/api/quota-schema'
import Type from 'typebox'
import type { HttpApp } from '../../app-types.ts'
import type { ActDescription, ActWriter } from '../../audit/create-act-writer.ts'
import { mayAdminister, mayReadAdminLists } from '../../policies/roles.ts'
import type { Administration } from './admin-deps.ts'

type QuotaRouteDeps = Pick<Administration, 'quotas'> & { acts: ActWriter }

const id = Type.String({ minLength: 1, maxLength: 64 })
const params = Type.Object({ quotaId: id })
const agentParams = Type.Object({ agentId: id })

function toAct(action: ActDescription['action'], quotaId: string, details = {}): ActDescription {
  return { action, target: { kind: 'quota', id: quotaId }, details }
}

function toDetails(quota: Quota) {
  const { scope, subjectId, measure, period, softLimit, hardLimit } = quota
  return { scope, subjectId, measure, period, softLimit, hardLimit }
}

function toWanted({ scope, measure, period, hardLimit }: CreateQuotaRequest) {
  return { scope, measure, period, hardLimit }
}

/** Administrators set quotas and prices; operators and auditors read them. */
export function addQuotaRoutes(app: HttpApp, deps: QuotaRouteDeps): void {
  const { quotas, acts } = deps
  app.get(
    '/api/admin/quotas',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'List the quotas, and how far they are used now', response: { 200: QuotaListSchema } },
    },
    () => quotas.listQuotas(),
  )

  app.post(
    '/api/admin/quotas',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Make a quota', body: CreateQuotaRequestSchema, response: { 201: QuotaSchema } },
    },
    async (request, reply) => {
      const { body } = request
      // It has no id before it is there.
      const refused = { action: 'quota.created', details: toWanted(body) } as const
      const create = () =>
        quotas.createQuota(body, (trx, made) =>
          acts.alongside(request, toAct('quota.created', made.id, toDetails(made)))(trx, undefined),
        )
      return reply.code(201).send(await acts.orFailure(request, refused, create))
    },
  )

  app.put(
    '/api/admin/quotas/:quotaId',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Set the limits of a quota, from the next message on',
        params,
        body: QuotaLimitsSchema,
        response: { 200: QuotaSchema },
      },
    },
    (request) => {
      const { quotaId } = request.params
      const change = () =>
        quotas.changeLimits(quotaId, request.body, (trx, quota) =>
          acts.alongside(request, toAct('quota.changed', quotaId, toDetails(quota)))(trx, undefined),
        )
      return acts.orFailure(request, toAct('quota.changed', quotaId), change)
    },
  )

  app.delete(
    '/api/admin/quotas/:quotaId',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Delete a quota and its counts', params, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { quotaId } = request.params
      await quotas.deleteQuota(quotaId, acts.alongside(request, toAct('quota.deleted', quotaId)))
      return reply.code(204).send(null)
    },
  )

  addPriceRoutes(app, deps)

  app.get(
    '/api/admin/usage',
    {
      config: { policy: mayReadAdminLists },
      schema: {
        summary: 'Sum up what answers used, per person, agent, group or day',
        querystring: UsageQuerySchema,
        response: { 200: UsageReportSchema },
      },
    },
    (request) => quotas.reportUsage(request.query),
  )
}

function addPriceRoutes(app: HttpApp, { quotas, acts }: QuotaRouteDeps): void {
  app.get(
    '/api/admin/agent-prices',
    {
      config: { policy: mayReadAdminLists },
      schema: { summary: 'List what agents cost', response: { 200: AgentPriceListSchema } },
    },
    () => quotas.listPrices(),
  )

  app.put(
    '/api/admin/agents/:agentId/price',
    {
      config: { policy: mayAdminister },
      schema: {
        summary: 'Say what an agent costs per million tokens',
        params: agentParams,
        body: AgentPriceSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { agentId } = request.params
      const act = {
        action: 'agent.price-changed',
        target: { kind: 'agent', id: agentId },
        details: request.body,
      } as const
      await quotas.setPrice(agentId, request.body, acts.alongside(request, act))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/admin/agents/:agentId/price',
    {
      config: { policy: mayAdminister },
      schema: { summary: 'Let an agent cost nothing', params: agentParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { agentId } = request.params
      const act = { action: 'agent.price-changed', target: { kind: 'agent', id: agentId } } as const
      await quotas.setPrice(agentId, null, acts.alongside(request, act))
      return reply.code(204).send(null)
    },
  )
}
