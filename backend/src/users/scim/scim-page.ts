import type { ScimJson } from './scim-json.ts'

export const maxPageSize = 200
const defaultPageSize = 100

export interface ScimQuery {
  filter?: string
  /** Of the first wanted, from 1 on. */
  startIndex?: number
  count?: number
  /** Attributes to leave out, separated by commas. */
  excludedAttributes?: string
  /** The only ones wanted. */
  attributes?: string
}

/** RFC 7644 §3.4.2.4: what is out of range is brought into it. */
export function toPage(query: ScimQuery): { offset: number; limit: number } {
  const offset = Math.max(query.startIndex ?? 1, 1) - 1
  return { offset, limit: Math.min(Math.max(query.count ?? defaultPageSize, 0), maxPageSize) }
}

export function toListResponse(resources: readonly ScimJson[], total: number, offset: number): ScimJson {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex: offset + 1,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

function toNames(text: string | undefined): string[] {
  const names = (text ?? '').split(',').map((name) =>
    name
      .trim()
      .replace(/^urn:.*:/i, '')
      .toLowerCase(),
  )
  return names.filter((name) => name !== '')
}

/** Whether the members of groups, which may be many, are wanted at all. */
export function isWanted(query: ScimQuery, name: string): boolean {
  const only = toNames(query.attributes).map((each) => each.split('.')[0])
  if (only.length > 0) return only.includes(name)
  return !toNames(query.excludedAttributes).includes(name)
}

/** `id`, `schemas` and `meta` always come along. */
export function selectAttributes(resource: ScimJson, query: ScimQuery): ScimJson {
  const always = ['id', 'schemas', 'meta']
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => always.includes(key) || isWanted(query, key.toLowerCase())),
  )
}
