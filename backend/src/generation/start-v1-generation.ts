import { createHash } from 'node:crypto'
import type { FoldedMessage } from '@llmchat/protocol/fold-message'
import { AppError } from '../base/app-error.ts'
import type { Failpoints } from '../base/failpoints.ts'
import type { CreateId } from '../base/ids.ts'
import type { Database } from '../db/database.ts'
import type { Statement } from '../db/statement.ts'
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
  instanceId: () => string
  createId: CreateId
  failpoints: Failpoints
  assertHasRoom: () => void
  findGenerationByKey: (userId: string, key: string) => Promise<GenerationRow | null>
  run: (job: GenerationJob) => void
}

const statement: Statement = {
  name: 'generation-start-v1',
  text: `
    INSERT INTO generations (id, user_id, message_id, agent_id, owner_instance, status, request, idempotency_key, request_hash)
    VALUES ($1, $2, $3, $4, $5, 'running', $6::jsonb, $7, $8)
    ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING id`,
}

/**
 * Accepts a `/v1` call: durable before it is answered, like a message in a chat. A repeated Idempotency-Key finds the
 * first call's generation. Errors: `conflict` (same key, other request), `result_expired`, `overloaded`, `draining`.
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
  deps.failpoints.hit('accept:before')
  const rows = await deps.database.query<{ id: string }>(statement, values, { priority: 'write' })
  deps.failpoints.hit('accept:after')
  if (rows.length === 0) return startV1Generation(deps, call)
  const { target, ...fields } = toV1JobFields(request, agent.target)
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
    continueText: null,
    ...fields,
  })
  return { kind: 'running', generationId }
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
