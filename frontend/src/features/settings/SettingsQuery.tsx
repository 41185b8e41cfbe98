import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useSettingsText } from './use-settings-text.ts'
import { Skeleton, useIsLate } from '../../shared/ui/Skeleton.tsx'

interface SettingsQueryProps<Data> {
  query: UseQueryResult<Data>
  children: (data: Data) => ReactNode
}

/** What a section has to ask the server for: on its way, failed, there. */
export function SettingsQuery<Data>({ query, children }: SettingsQueryProps<Data>) {
  const text = useSettingsText()
  const isLate = useIsLate()
  if (query.isPending) return <div aria-busy="true">{isLate ? <Skeleton height="2.5rem" /> : null}</div>
  if (query.isError) {
    return (
      <div className="settings-row" role="alert">
        <span>{toErrorText(text, query.error)}</span>
        <button type="button" className="btn" onClick={() => void query.refetch()}>
          {text('common.retry')}
        </button>
      </div>
    )
  }
  return children(query.data)
}
