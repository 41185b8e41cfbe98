import type { FastifyRequest } from 'fastify'

/** The token of `Authorization: Bearer …`; other schemes belong to someone else (a proxy in front). */
export function findBearerToken(request: FastifyRequest): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}
