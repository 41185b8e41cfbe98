import { createHash } from 'node:crypto'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { AppError } from '../base/app-error.ts'
import type { Failpoints } from '../base/failpoints.ts'
import type { CreateId } from '../base/ids.ts'
import type { Database } from '../db/database.ts'
import type { StatementAddition, Written } from '../db/statement-addition.ts'
import type { Statement } from '../db/statement.ts'
import type { Quotas } from '../quotas/quotas.ts'
import { isQuotaRefusal } from '../quotas/to-refusal.ts'
import { estimateCall } from './estimate-call.ts'
import type { AgentChoice, GenerationJob } from './generation-job.ts'
import type { GenerationRow } from './generation-repository.ts'
import { toV1JobFields, type V1Request } from './v1-request.ts'

export interface V1Call {
  userId: string
  agent: AgentChoice
  request: V1Request
  idempotencyKey: string | null
}

/** `running`: follow it. `stored`: it has ended, and here is the answer. */
export type StartedV1 =
  { kind: 'running'; generationId: string } | { kind: 'stored'; generationId: string; message: FoldedMessage }

export interface StartV1Deps {
  database: Database
  quotas: Pick<Quotas, 'reserve'>
  instanceId: () => string
  createId: CreateId
  failpoints: Failpoints
  assertHasRoom: () => void
  findGenerationByKey: (userId: string, key: string) => Promise<GenerationRow | null>
  run: (job: GenerationJob) => void
}

function toStatement(addition: StatementAddition | null): Statement {
  const place = { userId: '$2', agentId: '$4', generationId: '$1', nextParameter: 9, written: 'generation' }
  const parts = addition?.toParts(place)
  return {
    name: addition ? `generation-start-v1-${addition.name}` : 'generation-start-v1',
    text: `
    WITH ${parts?.first ?? ''}generation AS (
      INSERT INTO generations
        (id, user_id, message_id, agent_id, owner_instance, status, request, idempotency_key, request_hash)
      SELECT $1, $2, $3, $4, $5, 'running', $6::jsonb, $7, $8 ${parts ? 'FROM gate' : ''}
      ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
      RETURNING id
    )${parts?.last ?? ''}
    SELECT (SELECT count(*) = 1 FROM generation) AS "isWritten", ${parts?.report ?? 'NULL'} AS report`,
  }
}

const plainStatement = toStatement(null)

/**
 * Accepts a `/v1` call: durable before it is answered, like a message in a chat. A repeated Idempotency-Key finds the
 * first call's generation. Errors: `conflict` (same key, other request), `result_expired`, `overloaded`, `draining`,
 * `quota_exceeded`, `too_many_running`.
 */
export async function startV1Generation(deps: StartV1Deps, call: V1Call): Promise<StartedV1> {
  const requestHash = toHash(call)
  const known = call.idempotencyKey ? await deps.findGenerationByKey(call.userId, call.idempotencyKey) : null
  if (known) return toKnown(known, requestHash)
  deps.assertHasRoom()
  const generationId = deps.createId()
  const messageId = deps.createId()
  const { userId, agent, request, idempotencyKey } = call
  const stored = JSON.stringify(request)
  const values = [generationId, userId, messageId, agent.id, deps.instanceId(), stored, idempotencyKey, requestHash]
  const { target, ...fields } = toV1JobFields(request, agent.target)
  const texts = request.rawTurns.map((turn) => turn.content)
  deps.failpoints.hit('accept:before')
  const reserved = await deps.quotas
    .reserve(
      () => estimateCall(texts, [], target),
      (addition) => write(deps.database, values, addition),
    )
    .catch((error: unknown) => findTwin(deps, call, error))
  if ('twin' in reserved) return toKnown(reserved.twin, requestHash)
  deps.failpoints.hit('accept:after')
  if (!reserved.isWritten) return startV1Generation(deps, call)
  deps.run({
    generationId,
    messageId,
    userId,
    sessionId: null,
    parentId: null,
    agent: { ...agent, target },
    fence: 1,
    chain: [],
    question: null,
    questionFiles: [],
    continueText: null,
    ...fields,
    quotaWarnings: reserved.warnings,
  })
  return { kind: 'running', generationId }
}

/** The same call may have taken the last place a moment ago: then this is its repetition, and not one too many. */
async function findTwin(deps: StartV1Deps, call: V1Call, error: unknown): Promise<{ twin: GenerationRow }> {
  const { userId, idempotencyKey } = call
  const isRepeatable = isQuotaRefusal(error) && idempotencyKey !== null
  const twin = isRepeatable ? await deps.findGenerationByKey(userId, idempotencyKey) : null
  if (!twin) throw error
  return { twin }
}

async function write(
  database: Database,
  values: readonly unknown[],
  addition: StatementAddition | null,
): Promise<Written> {
  const statement = addition ? toStatement(addition) : plainStatement
  const all = [...values, ...(addition?.values ?? [])]
  const [row] = await database.query<Written>(statement, all, { priority: 'write' })
  return row ?? { isWritten: false, report: null }
}

function toKnown(row: GenerationRow, requestHash: string): StartedV1 {
  if (row.requestHash !== requestHash)
    throw new AppError('conflict', { message: 'This Idempotency-Key was used for another request.' })
  if (row.status === 'running') return { kind: 'running', generationId: row.id }
  if (!row.result) throw new AppError('result_expired')
  return { kind: 'stored', generationId: row.id, message: row.result }
}

function toHash(call: V1Call): string {
  return createHash('sha256')
    .update(JSON.stringify([call.agent.id, call.request]))
    .digest('hex')
}
