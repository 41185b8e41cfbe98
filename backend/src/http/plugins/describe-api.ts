import swagger from '@fastify/swagger'
import { ErrorBodySchema } from '@llmchat/protocol/api/common-schema'
import type { HttpApp } from '../app-types.ts'
import { anyone } from '../policies/anyone.ts'

const info = {
  title: 'LLMChat',
  description: 'People talk to many agents in one place. Errors: docs/ERRORS.md.',
  license: { name: 'MIT' },
}

const securitySchemes = {
  loginCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'llmchat_session',
    description:
      'Unsafe methods also need the header X-XSRF-TOKEN with the value of the cookie XSRF-TOKEN (on https `__Host-XSRF-TOKEN`).',
  },
  apiKey: { type: 'http', scheme: 'bearer' },
} as const

/** OpenAPI 3.1 from the routes' own schemas, at /api/openapi.json. Call it before any route is added. */
export async function describeApi(app: HttpApp, deps: { version: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...info, version: deps.version },
      components: { securitySchemes },
      security: [{ loginCookie: [] }, { apiKey: [] }],
    },
    convertConstToEnum: false,
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `def-${index}`,
    },
    transformObject: (document) => ('openapiObject' in document ? completeOperations(document.openapiObject) : {}),
  })
  app.addSchema(ErrorBodySchema)
  const schema = { security: [], summary: 'This description, as OpenAPI 3.1' }
  app.get('/api/openapi.json', { config: { policy: anyone }, schema }, () => app.swagger())
}

const ourError = { schema: { $ref: '#/components/schemas/ErrorBody' } }
const openAiError = {
  schema: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'code'],
        properties: { message: { type: 'string' }, type: { type: 'string' }, code: { type: ['string', 'null'] } },
      },
    },
  },
}
const scimError = {
  schema: {
    type: 'object',
    required: ['schemas', 'detail', 'status'],
    properties: {
      schemas: { type: 'array', items: { type: 'string' } },
      scimType: { type: 'string' },
      detail: { type: 'string' },
      status: { type: 'string' },
    },
  },
}
const scimAnswer = { description: 'What SCIM 2.0 says of it', content: { 'application/scim+json': { schema: {} } } }

/** Each in the shape that the clients of its address know; what cannot be read as HTTP is answered in ours. */
function toErrorResponse(tag: string): object {
  const description = 'An error'
  const ours = { 'application/json': ourError }
  if (tag === 'scim') return { description, content: { 'application/scim+json': scimError, ...ours } }
  const either = { schema: { anyOf: [openAiError.schema, ourError.schema] } }
  return { description, content: tag === 'openai' ? { 'application/json': either } : ours }
}

interface Operation {
  tags?: string[]
  responses: Record<string, unknown>
}

/** What holds for every operation: it may answer an error, SCIM's has a media type of its own, and it belongs with its neighbours. */
function completeOperations<T extends { paths?: object }>(document: T): T {
  const paths: Record<string, unknown> = { ...document.paths }
  for (const [path, operations] of Object.entries(paths)) {
    for (const operation of listValues(operations).filter(isOperation)) {
      const tag = toTag(path)
      operation.responses['default'] ??= toErrorResponse(tag)
      if (tag === 'scim') operation.responses['200'] = scimAnswer
      operation.tags ??= [tag]
    }
  }
  return document
}

function listValues(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'responses' in value
}

function toTag(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  if (first === 'v1') return 'openai'
  if (first === 'scim') return 'scim'
  return first === 'api' ? second.replace(/\..*/, '') : 'health'
}
