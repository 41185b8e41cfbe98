import { Skeleton, useIsLate } from '../../../shared/ui/Skeleton.tsx'
import { useAdminText } from '../use-admin-text.ts'

/** While the details of something are on their way. */
export function DrawerSkeleton() {
  const text = useAdminText()
  const isLate = useIsLate()
  return (
    <div className="admin-part" role="status" aria-busy="true" aria-label={text('common.loading')}>
      {isLate ? ['60%', '80%', '45%', '70%', '55%'].map((width) => <Skeleton key={width} width={width} />) : null}
    </div>
  )
}
