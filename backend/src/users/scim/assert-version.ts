import { AppError } from '../../base/app-error.ts'
import { getAttribute, type ScimJson } from './scim-json.ts'

/** Of a request that changes something: it may name the version it is meant for. */
export type IfMatch = string | undefined

function toTag(text: string): string {
  return text.trim().replace(/^W\//, '')
}

/** Whether one of the entity tags in `header` is the resource's; `*` is any. */
export function isSameVersion(header: string, resource: ScimJson): boolean {
  const version = getAttribute(getAttribute(resource, 'meta'), 'version')
  const tags = header.split(',').map(toTag)
  return tags.includes('*') || (typeof version === 'string' && tags.includes(toTag(version)))
}

/** Errors: `version_mismatch`. */
export function assertVersion(ifMatch: IfMatch, resource: ScimJson): void {
  if (ifMatch !== undefined && !isSameVersion(ifMatch, resource)) throw new AppError('version_mismatch')
}
