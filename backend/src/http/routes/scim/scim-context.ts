import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { getAttribute, isObject, toScimRefusal, type ScimJson } from '../../../users/scim/scim-json.ts'
import type { ScimWrite } from '../../../users/scim/scim-resources.ts'
import { isSameVersion } from '../../../users/scim/assert-version.ts'
import type { ActWriter } from '../../audit/create-act-writer.ts'
import { mayProvision } from '../../policies/may-provision.ts'

export interface ScimContext {
  acts: ActWriter
  /** Scheme, host and port people use; null: nobody said. */
  publicOrigin: string | null
}

export const scimConfig = { policy: mayProvision }
export const scimParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
export const ScimQuerySchema = Type.Object({
  filter: Type.Optional(Type.String({ maxLength: 2000 })),
  startIndex: Type.Optional(Type.Integer()),
  count: Type.Optional(Type.Integer()),
  attributes: Type.Optional(Type.String({ maxLength: 1000 })),
  excludedAttributes: Type.Optional(Type.String({ maxLength: 1000 })),
})

export function toBaseUrl(request: FastifyRequest, { publicOrigin }: ScimContext): string {
  return `${publicOrigin ?? `${request.protocol}://${request.host}`}/scim/v2`
}

export function toWrite(request: FastifyRequest, context: ScimContext): ScimWrite {
  const ifMatch = request.headers['if-match']
  return {
    baseUrl: toBaseUrl(request, context),
    record: (trx, acts) => context.acts.alongsideAll(request, acts)(trx, undefined),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  }
}

/** Errors: `invalid_request` (`invalidSyntax`). */
export function toResource(body: unknown): ScimJson {
  if (isObject(body)) return body
  throw toScimRefusal('invalidSyntax', 'A resource is a JSON object.')
}

/** With its version as ETag; 304 where the client has it already. */
export function sendResource(request: FastifyRequest, reply: FastifyReply, resource: ScimJson): FastifyReply {
  const meta = getAttribute(resource, 'meta')
  reply.header('etag', String(getAttribute(meta, 'version')))
  reply.header('location', String(getAttribute(meta, 'location')))
  const known = request.headers['if-none-match']
  if (request.method === 'GET' && known !== undefined && isSameVersion(known, resource)) return reply.code(304).send()
  return reply.send(resource)
}
