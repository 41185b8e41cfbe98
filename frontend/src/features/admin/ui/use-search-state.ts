import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

interface SearchState {
  get: (name: string) => string
  /** An empty value takes the name away. Filters replace the address; what opens on top of a page is a step back. */
  change: (changes: Readonly<Record<string, string>>, options?: { isStep: boolean }) => void
}

/** What a page shows lives in its address, so that it can be kept, sent and gone back to. */
export function useSearchState(): SearchState {
  const [params, setParams] = useSearchParams()
  const get = useCallback((name: string) => params.get(name) ?? '', [params])
  const change = useCallback<SearchState['change']>(
    (changes, options = { isStep: false }) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before)
          for (const [name, value] of Object.entries(changes)) {
            if (value === '') after.delete(name)
            else after.set(name, value)
          }
          return after
        },
        { replace: !options.isStep },
      ),
    [setParams],
  )
  return { get, change }
}
