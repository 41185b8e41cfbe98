import type { AuditAction, AuditDetails } from '@llmchat/protocol/api/audit-schema'
import type { FastifyRequest } from 'fastify'
import type { AuditAct } from '../../audit/audit-act.ts'
import type { AuditLog } from '../../audit/open-audit-log.ts'
import { AppError } from '../../base/app-error.ts'
import type { Alongside } from '../../db/alongside.ts'
import { toAuditOrigin } from './to-audit-origin.ts'

export interface ActDescription {
  action: AuditAction
  target?: { kind: string; id: string }
  details?: AuditDetails
  /** Whoever becomes known by the act itself; default: the requester. */
  actorId?: string
}

/** How routes tell the audit log what they do. */
export interface ActWriter {
  /** Before or after an act that has no transaction of its own. */
  record(request: FastifyRequest, act: ActDescription): Promise<void>
  /** Of an act that was refused. */
  recordFailure(request: FastifyRequest, act: ActDescription, error: AppError): Promise<void>
  /** As the last part of the act's own transaction. */
  alongside(request: FastifyRequest, act: ActDescription): Alongside<unknown>
  /** The same for several. */
  alongsideAll(request: FastifyRequest, acts: readonly ActDescription[]): Alongside<unknown>
  /** Runs an act; when it is refused (an AppError), that is written down, too. Its success its own transaction writes. */
  orFailure<T>(request: FastifyRequest, act: ActDescription, run: () => Promise<T>): Promise<T>
}

export function createActWriter(audit: Pick<AuditLog, 'record' | 'recordIn' | 'recordAllIn'>): ActWriter {
  function toAct(request: FastifyRequest, act: ActDescription, errorCode: string | null): AuditAct {
    const { action, target = null, details, actorId } = act
    const actor = actorId === undefined ? {} : { actorKind: 'user' as const, actorId }
    return {
      ...toAuditOrigin(request),
      ...actor,
      action,
      target,
      errorCode,
      ...(details === undefined ? {} : { details }),
    }
  }

  return {
    record: (request, act) => audit.record(toAct(request, act, null)),
    recordFailure: (request, act, error) => audit.record(toAct(request, act, error.code)),
    alongside: (request, act) => (trx) => audit.recordIn(trx, toAct(request, act, null)),
    alongsideAll: (request, acts) => (trx) =>
      audit.recordAllIn(
        trx,
        acts.map((act) => toAct(request, act, null)),
      ),
    async orFailure(request, act, run) {
      try {
        return await run()
      } catch (error) {
        // With the database away there is nowhere to write it, and the first error tells more.
        const isRefusal = error instanceof AppError && error.code !== 'database_unavailable'
        if (isRefusal) await audit.record(toAct(request, act, error.code))
        throw error
      }
    },
  }
}
