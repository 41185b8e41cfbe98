import { filter, parse, type Filter } from 'scim2-parse-filter'
import { findKey, getAttribute, isObject, toScimRefusal, type ScimJson } from './scim-json.ts'

type Op = 'add' | 'replace' | 'remove'

interface Operation {
  op: Op
  path: string | null
  value: unknown
}

/** `emails[type eq "work"].value` in its three parts. */
interface Target {
  attribute: string
  isMatch: ((item: unknown) => boolean) | null
  /** The filter's `eq` comparisons, for the item that is made where none fits. */
  template: ScimJson
  part: string | null
}

const MAX_OPERATIONS = 1000
const MAX_PATH = 500
const PATH = /^(?:urn:[^[\]]*:)?([A-Za-z$][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z$][\w$-]*))?$/
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
/** What only the server says; told anyway, and passed over. */
const readOnly = ['id', 'meta', 'schemas', 'groups']

function toOperation(given: unknown): Operation {
  const op = getAttribute(given, 'op')
  const word = typeof op === 'string' ? op.toLowerCase() : ''
  if (word !== 'add' && word !== 'replace' && word !== 'remove') {
    throw toScimRefusal('invalidSyntax', 'op must be add, replace or remove.')
  }
  const path = getAttribute(given, 'path') ?? null
  if (path !== null && (typeof path !== 'string' || path.length > MAX_PATH)) {
    throw toScimRefusal('invalidPath', 'path must be a text.')
  }
  const value = getAttribute(given, 'value')
  if (word !== 'remove' && value === undefined) throw toScimRefusal('invalidValue', `${word} needs a value.`)
  if (word === 'remove' && path === null) throw toScimRefusal('noTarget', 'remove needs a path.')
  return { op: word, path, value }
}

function toOperations(body: unknown): Operation[] {
  const schemas = getAttribute(body, 'schemas')
  const operations = getAttribute(body, 'Operations')
  const isPatch = Array.isArray(schemas) && schemas.includes(patchSchema)
  if (!isPatch || !Array.isArray(operations) || operations.length === 0 || operations.length > MAX_OPERATIONS) {
    throw toScimRefusal('invalidSyntax', `A patch has the schema ${patchSchema} and 1 to ${MAX_OPERATIONS} Operations.`)
  }
  return operations.map(toOperation)
}

function parseItemFilter(text: string): Filter {
  try {
    return parse(text)
  } catch (error) {
    throw toScimRefusal('invalidPath', `The filter in the path is not one: ${String(error)}`)
  }
}

function toTemplate(condition: Filter): ScimJson {
  if (condition.op === 'eq') return { [condition.attrPath]: condition.compValue }
  if (condition.op !== 'and') return {}
  return Object.fromEntries(condition.filters.flatMap((each) => Object.entries(toTemplate(each))))
}

function toTarget(path: string): Target {
  const [, attribute, condition, part] = PATH.exec(path.trim()) ?? []
  if (attribute === undefined) throw toScimRefusal('invalidPath', 'The path is not one.')
  const parsed = condition === undefined ? null : parseItemFilter(condition)
  return {
    attribute,
    isMatch: parsed === null ? null : filter(parsed),
    template: parsed === null ? {} : toTemplate(parsed),
    part: part ?? null,
  }
}

function withKey(json: ScimJson, name: string, value: unknown): ScimJson {
  const key = findKey(json, name) ?? name
  const { [key]: _old, ...rest } = json
  return value === undefined ? rest : { ...rest, [key]: value }
}

/** Items are the same when their `value`s are, else when all of them is. */
function isSameItem(one: unknown, other: unknown): boolean {
  const value = getAttribute(one, 'value')
  if (value !== undefined) return value === getAttribute(other, 'value')
  return JSON.stringify(one) === JSON.stringify(other)
}

function addItems(items: readonly unknown[], added: unknown): unknown[] {
  const known = new Set<unknown>(
    items.map((item) => getAttribute(item, 'value')).filter((value) => value !== undefined),
  )
  const result = [...items]
  for (const item of [added].flat()) {
    const value = getAttribute(item, 'value')
    const isThere = value === undefined ? items.some((each) => isSameItem(each, item)) : known.has(value)
    if (!isThere) result.push(item)
    known.add(value)
  }
  return result
}

function changeWhole(json: ScimJson, { op, value }: Operation, attribute: string): ScimJson {
  const old = getAttribute(json, attribute)
  if (op === 'remove') {
    // Entra names the members to be removed in the value instead of in the path.
    if (!Array.isArray(old) || value === undefined || value === null) return withKey(json, attribute, undefined)
    const gone = [value].flat()
    return withKey(
      json,
      attribute,
      old.filter((item) => !gone.some((each) => isSameItem(item, each))),
    )
  }
  if (op === 'add' && Array.isArray(old)) return withKey(json, attribute, addItems(old, value))
  if (isObject(old) && isObject(value)) return withKey(json, attribute, mergeParts(old, value))
  return withKey(json, attribute, value)
}

function mergeParts(old: ScimJson, value: ScimJson): ScimJson {
  return Object.entries(value).reduce((merged, [key, each]) => withKey(merged, key, each), old)
}

function changePart(
  json: ScimJson,
  { op, value }: Operation,
  { attribute, part }: Target & { part: string },
): ScimJson {
  const old = getAttribute(json, attribute)
  const changed = op === 'remove' ? undefined : value
  // `emails.value` of a list with one entry, as some send it.
  if (Array.isArray(old))
    return withKey(
      json,
      attribute,
      old.map((item) => withKey(isObject(item) ? item : {}, part, changed)),
    )
  return withKey(json, attribute, withKey(isObject(old) ? old : {}, part, changed))
}

function changeMatching(
  json: ScimJson,
  { op, value }: Operation,
  { attribute, isMatch, template, part }: Target & { isMatch: (item: unknown) => boolean },
): ScimJson {
  const old = getAttribute(json, attribute)
  const items: readonly unknown[] = Array.isArray(old) ? old : []
  if (op === 'remove') {
    const left =
      part === null
        ? items.filter((item) => !isMatch(item))
        : items.map((item) => (isMatch(item) && isObject(item) ? withKey(item, part, undefined) : item))
    return withKey(json, attribute, left)
  }
  const change = (item: ScimJson): ScimJson => {
    if (part !== null) return withKey(item, part, value)
    if (!isObject(value)) throw toScimRefusal('invalidValue', 'An entry of a list is an object.')
    return mergeParts(item, value)
  }
  if (items.some(isMatch)) {
    return withKey(
      json,
      attribute,
      items.map((item) => (isMatch(item) && isObject(item) ? change(item) : item)),
    )
  }
  return withKey(json, attribute, [...items, change(template)])
}

function applyOne(json: ScimJson, operation: Operation): ScimJson {
  const { path, value } = operation
  if (path === null) {
    if (!isObject(value)) throw toScimRefusal('invalidValue', 'Without a path the value is an object.')
    // Also `{"name.givenName": "Ann"}`, as Entra writes it.
    return Object.entries(value).reduce(
      (changed, [key, each]) => applyOne(changed, { ...operation, path: key, value: each }),
      json,
    )
  }
  const target = toTarget(path)
  const { isMatch, part } = target
  if (readOnly.includes(target.attribute.toLowerCase())) return json
  if (isMatch !== null) return changeMatching(json, operation, { ...target, isMatch })
  return part === null
    ? changeWhole(json, operation, target.attribute)
    : changePart(json, operation, { ...target, part })
}

/**
 * RFC 7644 §3.5.2 on a resource as it is shown, in the spellings that Entra and Okta send as well. Pure. Errors:
 * `invalid_request` with a `scimType`.
 */
export function applyPatch(resource: ScimJson, body: unknown): ScimJson {
  return toOperations(body).reduce(applyOne, resource)
}
