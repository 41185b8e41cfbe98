import { Skeleton, useIsLate } from '../../../shared/ui/Skeleton.tsx'
import { useAdminText } from '../use-admin-text.ts'

/** While the chunk of a page is on its way. */
export function PageSkeleton() {
  const text = useAdminText()
  const isLate = useIsLate()
  return (
    <div aria-busy="true" aria-label={text('common.loading')} role="status">
      <div className="admin-head">{isLate ? <Skeleton height="1.25rem" width="8rem" /> : null}</div>
    </div>
  )
}
