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
  for (const ajv of [exact, coercing]) addFormats(ajv).addFormat('date-time', isMoment)
  return ({ schema, httpPart }) => (httpPart === 'querystring' ? coercing : exact).compile(schema)
}

const isRfc3339 = addFormats(new Ajv()).compile({ type: 'string', format: 'date-time' })
const firstMs = Date.parse('0001-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** RFC 3339 also knows leap seconds and the year 0: JavaScript cannot count with the one, PostgreSQL with the other. */
function isMoment(text: string): boolean {
  if (!isRfc3339(text)) return false
  const ms = Date.parse(text)
  return ms >= firstMs && ms <= lastMs
}
