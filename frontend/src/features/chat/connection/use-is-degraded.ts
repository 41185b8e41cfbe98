import { useQuery } from '@tanstack/react-query'
import { getReadiness } from '../../../shared/api/readiness.ts'

const everyMs = 15_000

/**
 * Whether the server serves with its live channel away. Asked while an answer streams here, when the tab is looked at
 * again, and, once it was so, until it is over: an idle tab that all is well for asks nothing.
 */
export function useIsDegraded(isStreaming: boolean): boolean {
  const { data } = useQuery({
    queryKey: ['readiness'],
    queryFn: getReadiness,
    retry: false,
    staleTime: everyMs,
    refetchInterval: (query) => (isStreaming || query.state.data?.isDegraded === true ? everyMs : false),
  })
  return data?.isDegraded === true
}
