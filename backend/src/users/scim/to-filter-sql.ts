import { sql, type RawBuilder } from 'kysely'
import { parse, type Filter } from 'scim2-parse-filter'
import { toScimRefusal } from './scim-json.ts'

/** How an attribute is found in the database. `list`: by a condition on its own entries. */
export type FilterColumn =
  | { kind: 'exact' | 'folded'; column: RawBuilder<unknown> }
  | { kind: 'flag'; column: RawBuilder<unknown> }
  | { kind: 'time'; column: RawBuilder<unknown> }
  | { kind: 'fixed'; value: string | boolean }
  | { kind: 'member' }

export type FilterColumns = Readonly<Record<string, FilterColumn>>

const MAX_LENGTH = 2000
/** Of `(` and `not`: each is a call on the stack. */
const MAX_DEPTH = 30
const comparisons = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

type Compare = Extract<Filter, { compValue: unknown }>

function refuse(what: string): Error {
  return toScimRefusal('invalidFilter', `This filter is not supported: ${what}.`)
}

function toPattern(op: 'co' | 'sw' | 'ew', text: string): string {
  const escaped = text.replace(/[\\%_]/g, '\\$&')
  return `${op === 'sw' ? '' : '%'}${escaped}${op === 'ew' ? '' : '%'}`
}

function compareText(column: RawBuilder<unknown>, { op, compValue }: Compare, isFolded: boolean): RawBuilder<unknown> {
  if (compValue === null && (op === 'eq' || op === 'ne')) {
    return op === 'eq' ? sql`${column} IS NULL` : sql`${column} IS NOT NULL`
  }
  if (typeof compValue !== 'string') throw refuse('a text is compared with something else')
  const text = isFolded ? compValue.toLowerCase() : compValue
  const value = isFolded ? sql`lower(${column})` : column
  if (op === 'co' || op === 'sw' || op === 'ew') return sql`${value} LIKE ${toPattern(op, text)}`
  // What is missing is not equal.
  if (op === 'ne') return sql`${value} IS DISTINCT FROM ${text}`
  return sql`${value} ${sql.raw(comparisons[op])} ${text}`
}

function compareTime(column: RawBuilder<unknown>, { op, compValue }: Compare): RawBuilder<unknown> {
  const time = typeof compValue === 'string' ? Date.parse(compValue) : Number.NaN
  if (Number.isNaN(time) || op === 'co' || op === 'sw' || op === 'ew') throw refuse('a time is compared wrongly')
  return sql`${column} ${sql.raw(comparisons[op])} ${new Date(time).toISOString()}::timestamptz`
}

function isEither(op: string): op is 'eq' | 'ne' {
  return op === 'eq' || op === 'ne'
}

function compare(column: FilterColumn, test: Compare): RawBuilder<unknown> {
  const { op, compValue } = test
  switch (column.kind) {
    case 'exact':
    case 'folded':
      return compareText(column.column, test, column.kind === 'folded')
    case 'time':
      return compareTime(column.column, test)
    case 'flag': {
      const isTrue = String(compValue).toLowerCase() === 'true'
      if (!isEither(op)) throw refuse('a flag is compared wrongly')
      return sql`${column.column} = ${isTrue === (op === 'eq')}`
    }
    case 'fixed': {
      if (!isEither(op)) throw refuse('it is always the same')
      const isSame = String(compValue).toLowerCase() === String(column.value)
      return sql`${isSame === (op === 'eq')}`
    }
    case 'member':
      if (op !== 'eq' || typeof compValue !== 'string') throw refuse('members are found by eq')
      return sql`EXISTS (SELECT FROM group_members fm WHERE fm.group_id = g.id AND fm.user_id = ${compValue})`
  }
}

function toSql(node: Filter, columns: FilterColumns, prefix: string): RawBuilder<unknown> {
  const find = (attrPath: string): FilterColumn => {
    const name = `${prefix}${attrPath.replace(/^urn:.*:/i, '')}`.toLowerCase()
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (column === undefined) throw refuse(attrPath)
    return column
  }
  switch (node.op) {
    case 'and':
    case 'or': {
      const parts = node.filters.map((each) => toSql(each, columns, prefix))
      return sql`(${sql.join(parts, node.op === 'and' ? sql` AND ` : sql` OR `)})`
    }
    case 'not':
      return sql`(NOT coalesce(${toSql(node.filter, columns, prefix)}, false))`
    case '[]':
      return toSql(node.valFilter, columns, `${node.attrPath.replace(/^urn:.*:/i, '')}.`)
    case 'pr': {
      const column = find(node.attrPath)
      if (column.kind === 'member') throw refuse('members pr')
      return column.kind === 'fixed' ? sql`true` : sql`${column.column} IS NOT NULL`
    }
    default:
      return compare(find(node.attrPath), node)
  }
}

/** A condition for a WHERE. `columns` by attribute path in lower case. Errors: `invalid_request` (`invalidFilter`). */
export function toFilterSql(text: string | undefined, columns: FilterColumns): RawBuilder<unknown> {
  if (text === undefined || text.trim() === '') return sql`true`
  const depth = (text.match(/\(|\[|\bnot\b/gi) ?? []).length
  if (text.length > MAX_LENGTH || depth > MAX_DEPTH) throw refuse('it is too long')
  let node: Filter
  try {
    node = parse(text)
  } catch {
    throw toScimRefusal('invalidFilter', 'This is not a filter.')
  }
  return toSql(node, columns, '')
}
