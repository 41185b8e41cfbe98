import type { ReactNode } from 'react'
import { Say } from '../../../shared/ui/Say.tsx'
import { Skeleton, useIsLate } from '../../../shared/ui/Skeleton.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { DataTable } from './DataTable.tsx'
import type { Column } from './DataTable.tsx'
import { LoadFailure } from './LoadFailure.tsx'
import './list-card.css'

interface ListCardProps<Row> {
  /** Its heading. */
  title: string
  note?: string
  /** Its accessible name as a table. */
  label: string
  columns: readonly Column<Row>[]
  /** Undefined: not there yet. */
  rows: readonly Row[] | undefined
  toKey: (row: Row) => string
  /** What a query gives. */
  error: unknown
  onRetry: () => void
  isBusy?: boolean
  /** Why there is nothing, and what to do. */
  empty: { title: string; text?: string }
  /** Null: nothing is filtered, so that an empty list is really empty. */
  onClearFilter?: (() => void) | null
  /** Null: this is all. */
  onMore?: (() => void) | null
  /** A button beside the heading. */
  children?: ReactNode
}

/** A list with its states: on its way, failed, empty, nothing matches, more to come. */
export function ListCard<Row>(props: ListCardProps<Row>) {
  const { title, note, rows, error, onMore = null, isBusy = false, children } = props
  const text = useAdminText()
  return (
    <section
      className="card admin-list"
      aria-busy={isBusy || (rows === undefined && error === null)}
      aria-label={title}
    >
      <header>
        <h2>{title}</h2>
        {note === undefined || note === '' ? null : <small>{note}</small>}
        <span className="count num" role="status">
          {rows ? text(onMore ? 'admin.shownMore' : 'admin.shown', { count: rows.length }) : ''}
        </span>
        {children}
      </header>
      <ListContent {...props} />
      {onMore ? (
        <footer>
          <button type="button" className="btn" aria-disabled={isBusy} onClick={() => (isBusy ? undefined : onMore())}>
            {text('admin.more')}
          </button>
        </footer>
      ) : null}
    </section>
  )
}

function ListContent<Row>(props: ListCardProps<Row>) {
  const { label, columns, rows, toKey, error, onRetry, empty, onClearFilter = null } = props
  const text = useAdminText()
  // What is there stays while something newer cannot be had.
  if (rows === undefined) {
    return error === null ? <ListSkeleton /> : <LoadFailure error={error} onRetry={onRetry} />
  }
  if (rows.length > 0) {
    return (
      <>
        {error === null ? null : <LoadFailure error={error} onRetry={onRetry} isSmall />}
        <DataTable label={label} columns={columns} rows={rows} toKey={toKey} />
      </>
    )
  }
  if (onClearFilter) {
    return (
      <Say icon="search" title={text('admin.noMatch')}>
        <p>{text('admin.noMatch.text')}</p>
        <div className="do">
          <button type="button" className="btn" onClick={onClearFilter}>
            {text('admin.filter.clear')}
          </button>
        </div>
      </Say>
    )
  }
  return (
    <Say icon="info" title={empty.title}>
      {empty.text === undefined ? null : <p>{empty.text}</p>}
    </Say>
  )
}

function ListSkeleton() {
  const isLate = useIsLate()
  return (
    <div className="admin-list-skeleton">
      {isLate
        ? ['72%', '54%', '83%', '61%', '76%', '66%'].map((width) => <Skeleton key={width} width={width} />)
        : null}
    </div>
  )
}
