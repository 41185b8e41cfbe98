import type { MouseEvent, ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useSearchState } from './use-search-state.ts'

interface StepLinkProps {
  /** What the address says then; the rest of it stays. */
  changes: Readonly<Record<string, string>>
  children: ReactNode
}

/** Opens something over the page, at an address of its own: it can be sent, and the browser's back closes it. */
export function StepLink({ changes, children }: StepLinkProps) {
  const { change } = useSearchState()
  const [location] = useLocation()
  const query = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(useSearch())), ...changes })
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    change(changes, { isStep: true })
  }
  return (
    <a href={`${location}?${query.toString()}`} onClick={open}>
      {children}
    </a>
  )
}
