import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Unknown fields are refused where the schema says so, never removed in silence; only query strings, which are text by
 * nature, are coerced; the first problem ends the check, so that a hostile body cannot make work.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const options = { removeAdditional: false, useDefaults: true, allErrors: false, strict: false } as const
  const exact = new Ajv({ ...options, coerceTypes: false })
  const coercing = new Ajv({ ...options, coerceTypes: true })
  addFormats(exact)
  addFormats(coercing)
  return ({ schema, httpPart }) => (httpPart === 'querystring' ? coercing : exact).compile(schema)
}
