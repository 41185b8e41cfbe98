import type { FastifySchemaValidationError } from 'fastify'

/** What is wrong with a request, as `details` of `invalid_request`. */
export interface Problem {
  in: string
  /** JSON pointer into that part. */
  path: string
  problem: string
}

/** Null when `error` does not come from the validation of a schema. */
export function toProblems(error: Error): Problem[] | null {
  if (!('validation' in error) || !Array.isArray(error.validation)) return null
  const part = 'validationContext' in error ? String(error.validationContext) : 'body'
  return error.validation.filter(isProblem).map((problem) => toProblem(part, problem))
}

function isProblem(value: unknown): value is FastifySchemaValidationError {
  return typeof value === 'object' && value !== null && 'instancePath' in value && 'params' in value
}

/** A missing or unknown property is named by its own path, not by its parent's. */
function toProblem(part: string, error: FastifySchemaValidationError): Problem {
  const property = error.params['missingProperty'] ?? error.params['additionalProperty']
  const path = typeof property === 'string' ? `${error.instancePath}/${toPointerSegment(property)}` : error.instancePath
  const problem = error.keyword === 'additionalProperties' ? 'is not a known field' : (error.message ?? 'is not valid')
  return { in: part, path: path || '/', problem }
}

function toPointerSegment(property: string): string {
  return property.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)
}
