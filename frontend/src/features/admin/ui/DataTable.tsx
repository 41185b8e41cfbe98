import { useState } from 'react'
import type { ReactNode } from 'react'
import { toLanguageTag } from '../../../shared/i18n/locale.ts'
import { useLocale } from '../../../shared/i18n/use-locale.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { sortRows } from './sort-rows.ts'
import type { SortDirection, SortValue } from './sort-rows.ts'
import './data-table.css'

export interface Column<Row> {
  key: string
  header: string
  cell: (row: Row) => ReactNode
  /** The one column that names the row. */
  isRowHeader?: boolean
  isNumber?: boolean
  /** More than one line may be needed. */
  isWrapped?: boolean
  /** For buttons: their own words say enough. */
  isHeaderHidden?: boolean
  /** Lets people sort by it. Only where the whole list is here: a page of a longer one would be sorted wrongly. */
  toSortValue?: (row: Row) => SortValue
  /** The list comes in this order from the server. */
  order?: SortDirection
}

interface DataTableProps<Row> {
  /** Its accessible name. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  toKey: (row: Row) => string
}

interface Sorting {
  key: string
  direction: SortDirection
}

/**
 * A table; on a phone each row becomes a small list of named values. The roles are written out because some browsers take
 * them from the layout, and there it is none of a table.
 */
export function DataTable<Row>({ label, columns, rows, toKey }: DataTableProps<Row>) {
  const locale = useLocale()
  const [sorting, setSorting] = useState<Sorting | null>(() => findFirstSorting(columns))
  const toValue = columns.find(({ key }) => key === sorting?.key)?.toSortValue
  const sorted = sorting && toValue ? sortRows(rows, toValue, sorting.direction, toLanguageTag(locale)) : rows
  return (
    <div className="admin-table" tabIndex={0} role="region" aria-label={label}>
      <table className="tbl" role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sorted.map((row) => (
            <tr key={toKey(row)} role="row">
              {columns.map((column) => (
                <BodyCell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function findFirstSorting<Row>(columns: readonly Column<Row>[]): Sorting | null {
  const ordered = columns.find(({ order }) => order !== undefined)
  return ordered?.order ? { key: ordered.key, direction: ordered.order } : null
}

interface HeaderCellProps<Row> {
  column: Column<Row>
  sorting: Sorting | null
  onSort: (sorting: Sorting) => void
}

function HeaderCell<Row>({ column, sorting, onSort }: HeaderCellProps<Row>) {
  const text = useAdminText()
  const { key, header, isNumber, isHeaderHidden, toSortValue, order } = column
  const current = sorting?.key === key ? sorting.direction : null
  const className = isNumber ? 'n' : undefined
  if (!toSortValue) {
    return (
      <th scope="col" role="columnheader" className={className} aria-sort={order}>
        {isHeaderHidden ? <span className="sr">{header}</span> : header}
      </th>
    )
  }
  const next = current === 'ascending' ? 'descending' : 'ascending'
  return (
    <th scope="col" role="columnheader" className={className} aria-sort={current ?? 'none'}>
      <button
        type="button"
        title={text('admin.sort', { column: header })}
        onClick={() => onSort({ key, direction: next })}
      >
        {header}
        <span className={current ?? 'unsorted'}>
          <Icon name="down" isSmall />
        </span>
      </button>
    </th>
  )
}

function toClassName<Row>({ isHeaderHidden, isNumber, isWrapped }: Column<Row>): string | undefined {
  if (isHeaderHidden) return 'acts'
  if (isNumber) return 'n'
  return isWrapped ? 'is-wrapped' : undefined
}

function BodyCell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { header, cell, isRowHeader, isHeaderHidden } = column
  const name = isHeaderHidden ? undefined : header
  const className = toClassName(column)
  return isRowHeader ? (
    <th scope="row" role="rowheader" className={className}>
      {cell(row)}
    </th>
  ) : (
    <td role="cell" className={className} data-name={name}>
      {/* One box: on a phone it is what stands beside the name. */}
      <span>{cell(row)}</span>
    </td>
  )
}
