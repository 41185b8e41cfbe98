import type { FastifyRequest } from 'fastify'
import type { AuditOrigin } from '../../audit/audit-act.ts'

/** Who acts, and from where. */
export function toAuditOrigin(request: FastifyRequest): AuditOrigin {
  const { requester } = request
  return {
    actorKind: requester === null ? 'visitor' : 'user',
    actorId: requester?.user.id ?? null,
    apiKeyId: requester?.apiKey?.id ?? null,
    address: request.ip,
    requestId: request.id,
  }
}
