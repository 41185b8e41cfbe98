import { AppError } from '../../base/app-error.ts'

/** A JSON object as a directory sends it or is sent it. */
export type ScimJson = Readonly<Record<string, unknown>>

/** Words of RFC 7644 §3.12 for what is wrong with a request. */
export type ScimType =
  'invalidFilter' | 'invalidPath' | 'invalidSyntax' | 'invalidValue' | 'mutability' | 'noTarget' | 'uniqueness'

export function isObject(value: unknown): value is ScimJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `invalid_request` with SCIM's own word. */
export function toScimRefusal(scimType: ScimType, message: string): AppError {
  return new AppError('invalid_request', { message, details: { scimType } })
}

/** `conflict`: the name is somebody else's. */
export function toUniquenessError(message: string, cause?: unknown): AppError {
  return new AppError('conflict', { message, details: { scimType: 'uniqueness' }, cause })
}

/** The name a key has in `json`: SCIM's attribute names are compared without case. */
export function findKey(json: ScimJson, name: string): string | null {
  const lower = name.toLowerCase()
  return Object.keys(json).find((key) => key.toLowerCase() === lower) ?? null
}

export function getAttribute(json: unknown, name: string): unknown {
  if (!isObject(json)) return undefined
  const key = findKey(json, name)
  return key === null ? undefined : json[key]
}

/** Null: missing, null or empty. Errors: `invalid_request` (`invalidValue`). */
export function getText(json: unknown, name: string, maxLength: number): string | null {
  const value = getAttribute(json, name)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value.length > maxLength) throw toScimRefusal('invalidValue', `${name} is not good.`)
  return value.trim() === '' ? null : value.trim()
}

/** Entra writes `"False"`, Okta `false`. Undefined: not said. */
export function getFlag(json: unknown, name: string): boolean | undefined {
  const value = getAttribute(json, name)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  if (word === 'true' || word === 'false') return word === 'true'
  throw toScimRefusal('invalidValue', `${name} must be true or false.`)
}
