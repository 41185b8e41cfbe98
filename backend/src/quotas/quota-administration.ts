import type {
  AgentPrice,
  AgentPriceList,
  CreateQuotaRequest,
  MyQuotas,
  Quota,
  QuotaLimits,
  QuotaList,
  UsageQuery,
  UsageReport,
} from '@llmchat/protocol/api/quota-schema'
import { sql, type Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { CacheService } from '../cache/cache-service.ts'
import type { Alongside } from '../db/alongside.ts'
import { refuseViolatedUnique } from '../db/database-error.ts'
import type { Database } from '../db/database.ts'
import type { DatabaseSchema } from '../db/schema.ts'
import { listMyQuotas, listQuotas } from './list-quotas.ts'
import { anyQuotasKey } from './quotas.ts'
import { reportUsage } from './report-usage.ts'
import type { QuotaPlace } from './to-refusal.ts'

/** Quotas and prices as people set and read them. Errors: `quota_not_found`, `agent_not_found`. */
export interface QuotaAdministration {
  listQuotas(): Promise<QuotaList>
  /** Errors: `user_not_found`, `group_not_found`, `agent_not_found`; `conflict` where there is one of its kind already. */
  createQuota(quota: CreateQuotaRequest, alongside: Alongside<Quota>): Promise<Quota>
  /** From the next message on. Errors: `invalid_request`. */
  changeLimits(quotaId: string, limits: QuotaLimits, alongside: Alongside<Quota>): Promise<Quota>
  deleteQuota(quotaId: string, alongside: Alongside): Promise<void>
  listPrices(): Promise<AgentPriceList>
  /** Null: it costs nothing. Holds for answers that end from now on. */
  setPrice(agentId: string, price: AgentPrice | null, alongside: Alongside): Promise<void>
  reportUsage(query: UsageQuery): Promise<UsageReport>
  listMine(userId: string): Promise<MyQuotas>
}

interface AdministrationDeps extends QuotaPlace {
  database: Database
  cache: Pick<CacheService, 'del'>
  clock: Clock
  createId: CreateId
  timeZone: string
}

const subjects = {
  user: { table: 'users', code: 'user_not_found' },
  group: { table: 'groups', code: 'group_not_found' },
  'group-member': { table: 'groups', code: 'group_not_found' },
  agent: { table: 'agent_configs', code: 'agent_not_found' },
} as const

function assertSensible(quota: CreateQuotaRequest): void {
  if ((quota.measure === 'running') !== (quota.period === 'now'))
    throw new AppError('invalid_request', { message: 'The period now is for running, and nothing else is.' })
  if ((quota.scope === 'everyone') !== (quota.subjectId === undefined))
    throw new AppError('invalid_request', { message: 'A subjectId is needed, except for everyone.' })
  assertLimits(quota.measure, { softLimit: quota.softLimit ?? null, hardLimit: quota.hardLimit })
}

function assertLimits(measure: CreateQuotaRequest['measure'], { softLimit, hardLimit }: QuotaLimits): void {
  if (softLimit === null) return
  // Its count goes up and down all the time: there is no moment to warn at once and not again.
  if (measure === 'running')
    throw new AppError('invalid_request', { message: 'Answers at the same time have no soft limit.' })
  if (softLimit > hardLimit)
    throw new AppError('invalid_request', { message: 'The soft limit is above the hard limit.' })
}

function refuseTaken<T>(write: Promise<T>): Promise<T> {
  return refuseViolatedUnique(
    write,
    (cause) => new AppError('conflict', { message: 'There is already such a quota. Change that one.', cause }),
  )
}

async function assertSubject(trx: Kysely<DatabaseSchema>, { scope, subjectId }: CreateQuotaRequest): Promise<void> {
  if (scope === 'everyone' || subjectId === undefined) return
  const { table, code } = subjects[scope]
  const { rows } = await sql`SELECT FROM ${sql.table(table)} WHERE id = ${subjectId}`.execute(trx)
  if (rows.length === 0) throw new AppError(code)
}

export function createQuotaAdministration(deps: AdministrationDeps): QuotaAdministration {
  const { database } = deps
  const place = { currency: deps.currency, timeZone: deps.timeZone }
  const toKeys = () => deps.windows.toKeys(deps.clock.nowMs())

  async function getQuota(kysely: Kysely<DatabaseSchema>, quotaId: string): Promise<Quota> {
    const [quota] = await listQuotas(kysely, toKeys(), quotaId)
    if (quota === undefined) throw new AppError('quota_not_found')
    return quota
  }

  return {
    listQuotas: async () => ({ ...place, quotas: await listQuotas(database.kysely, toKeys(), null) }),
    async createQuota(wanted, alongside) {
      assertSensible(wanted)
      const { scope, subjectId = null, measure, period } = wanted
      const quota = await refuseTaken(
        database.transaction(async (trx) => {
          await assertSubject(trx, wanted)
          const id = deps.createId()
          const row = {
            id,
            scope,
            measure,
            period,
            user_id: scope === 'user' ? subjectId : null,
            group_id: scope === 'group' || scope === 'group-member' ? subjectId : null,
            agent_id: scope === 'agent' ? subjectId : null,
            soft_limit: wanted.softLimit ?? null,
            hard_limit: wanted.hardLimit,
          }
          await trx.insertInto('quotas').values(row).execute()
          const made = await getQuota(trx, id)
          await alongside(trx, made)
          return made
        }),
      )
      await deps.cache.del(anyQuotasKey)
      return quota
    },
    changeLimits: (quotaId, limits, alongside) =>
      database.transaction(async (trx) => {
        assertLimits((await getQuota(trx, quotaId)).measure, limits)
        const columns = { soft_limit: limits.softLimit, hard_limit: limits.hardLimit, updated_at: new Date() }
        await trx.updateTable('quotas').set(columns).where('id', '=', quotaId).execute()
        // Another soft limit is another thing to be told.
        const { day, month } = toKeys()
        const told = trx.updateTable('quota_usage').set({ is_warned: false }).where('quota_id', '=', quotaId)
        await told.where('is_warned', '=', true).where('window_key', 'in', [day, month]).execute()
        const quota = await getQuota(trx, quotaId)
        await alongside(trx, quota)
        return quota
      }),
    async deleteQuota(quotaId, alongside) {
      await database.transaction(async (trx) => {
        await getQuota(trx, quotaId)
        await trx.deleteFrom('quotas').where('id', '=', quotaId).execute()
        await alongside(trx)
      })
      await deps.cache.del(anyQuotasKey)
    },
    async listPrices() {
      const query = database.kysely.selectFrom('agent_prices').orderBy('agent_id')
      const columns = ['agent_id as agentId', 'input_micros as inputMicros', 'output_micros as outputMicros'] as const
      return { ...place, prices: await query.select(columns).execute() }
    },
    async setPrice(agentId, price, alongside) {
      await database.transaction(async (trx) => {
        const agent = await trx.selectFrom('agent_configs').select('id').where('id', '=', agentId).executeTakeFirst()
        if (agent === undefined) throw new AppError('agent_not_found')
        if (price === null) await trx.deleteFrom('agent_prices').where('agent_id', '=', agentId).execute()
        else {
          const columns = {
            input_micros: price.inputMicros,
            output_micros: price.outputMicros,
            updated_at: sql<Date>`now()`,
          }
          const inserting = trx.insertInto('agent_prices').values({ agent_id: agentId, ...columns })
          await inserting.onConflict((conflict) => conflict.column('agent_id').doUpdateSet(columns)).execute()
        }
        await alongside(trx)
      })
    },
    reportUsage: async (query) => ({ ...place, rows: await reportUsage(database, query, deps.timeZone) }),
    listMine: async (userId) => ({ ...place, quotas: await listMyQuotas(deps, userId, deps.clock.nowMs()) }),
  }
}
