import { randomUUID } from 'node:crypto'
import type { CreateQuotaRequest, Quota } from '../../../packages/protocol/src/api/quota-schema.ts'
import { emptyMessage } from '../../../packages/protocol/src/fold-message.ts'
import { AppError } from '../../../backend/src/base/app-error.ts'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { openMemoryCache } from '../../../backend/src/cache/open-cache.ts'
import { writeAccepted, type AcceptedRows } from '../../../backend/src/chat/write-accepted.ts'
import type { Database } from '../../../backend/src/db/database.ts'
import { commitFinal, type FinalState } from '../../../backend/src/generation/generation-repository.ts'
import { createQuotaAdministration } from '../../../backend/src/quotas/quota-administration.ts'
import { createQuotaWindows } from '../../../backend/src/quotas/quota-windows.ts'
import { createQuotas, type TokenEstimate } from '../../../backend/src/quotas/quotas.ts'
import { createManualClock } from '../../support/create-manual-clock.ts'

interface Ask {
  agentId?: string
  estimate?: TokenEstimate
  sessionId?: string
  questionId?: string
}

type End = FinalState['delivery']

export const complete: End = { state: 'complete', finishReason: 'stop' }
export const failed: End = { state: 'failed', code: 'upstream_failed', message: 'It failed.' }
export const interrupted: End = { state: 'interrupted', reason: 'truncated' }

/** The real statements over one database: people, quotas, messages that are accepted and answers that end. */
export function openQuotaBench(database: Database) {
  const clock = createManualClock(Date.parse('2026-11-26T12:00:00Z'))
  const cache = openMemoryCache({ clock }, { isRemembering: false, isAlone: true })
  const windows = createQuotaWindows('UTC')
  const deps = { database, cache, clock, windows, createId: createUuidV7, currency: 'EUR', timeZone: 'UTC' }
  const quotas = createQuotas({ ...deps, reservedOutputTokens: 1000 })
  const administration = createQuotaAdministration(deps)
  const { kysely } = database

  function toRows(userId: string, ask: Ask): AcceptedRows {
    const questionId = ask.questionId ?? randomUUID()
    return {
      userId,
      sessionId: ask.sessionId ?? randomUUID(),
      agent: { id: ask.agentId ?? 'agent', name: 'Agent' },
      question: { id: questionId, text: 'why', files: [], parentId: null },
      answerId: randomUUID(),
      answerParentId: questionId,
      generationId: createUuidV7(),
      ownerInstance: 'instance',
      expectedLeafId: null,
    }
  }

  async function ask(userId: string, options: Ask = {}) {
    const rows = toRows(userId, options)
    const estimate = options.estimate ?? { input: 10, maxOutput: null }
    const result = await quotas.reserve(
      () => estimate,
      (addition) => writeAccepted({ database }, rows, addition),
    )
    return { ...result, generationId: rows.generationId, userId }
  }

  return {
    clock,
    quotas,
    administration,
    addUser: async (): Promise<string> => {
      const id = createUuidV7()
      const user = { id, email: `${id}@example.com`, name: id, password_hash: 'x', role: 'member' as const }
      await kysely.insertInto('users').values(user).execute()
      return id
    },
    addGroup: async (...memberIds: string[]): Promise<string> => {
      const id = createUuidV7()
      await kysely
        .insertInto('groups')
        .values({ id, name: `group ${id}` })
        .execute()
      for (const user_id of memberIds)
        await kysely.insertInto('group_members').values({ group_id: id, user_id }).execute()
      return id
    },
    addAgent: async (): Promise<string> => {
      const id = createUuidV7()
      const agent = {
        id,
        name: `agent ${id}`,
        provider: 'openai',
        base_url: 'http://127.0.0.1:9',
        origin: 'admin',
      } as const
      await kysely.insertInto('agent_configs').values(agent).execute()
      return id
    },
    addQuota: (quota: CreateQuotaRequest): Promise<Quota> => administration.createQuota(quota, async () => undefined),
    ask,
    /** The refusal, or null when it was accepted. */
    tryAsk: async (userId: string, options: Ask = {}): Promise<AppError | null> => {
      try {
        await ask(userId, options)
        return null
      } catch (error) {
        if (error instanceof AppError) return error
        throw error
      }
    },
    end: (
      generationId: string,
      delivery: End,
      tokens = { inputTokens: 0, outputTokens: 0 },
      fence = 1,
    ): Promise<boolean> => {
      return commitFinal(
        { database },
        {
          generationId,
          fence,
          finalSeq: 9,
          delivery,
          message: { ...emptyMessage, delivery },
          usage: { ...tokens, isEstimated: false },
          timing: { queuedMs: 0, connectMs: 0, firstContentMs: 0, totalMs: 0 },
          upstream: {},
          hasMessage: true,
          isResultStored: false,
        },
      )
    },
    /** Of all its windows and subjects together. */
    readCount: async (quotaId: string): Promise<{ used: number; reserved: number }> => {
      const rows = await kysely.selectFrom('quota_usage').selectAll().where('quota_id', '=', quotaId).execute()
      return {
        used: rows.reduce((sum, row) => sum + row.used, 0),
        reserved: rows.reduce((sum, row) => sum + row.reserved, 0),
      }
    },
    removeAll: async (): Promise<void> => {
      for (const table of ['quotas', 'quota_reservations', 'usage_records', 'generations', 'users'] as const)
        await kysely.deleteFrom(table).execute()
    },
  }
}
