import { useQuery } from '@tanstack/react-query'
import { myQuotasQuery } from '../../shared/api/quotas.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { QuotaBar } from '../../shared/quota/QuotaBar.tsx'
import { toQuotaOwner, toRenewalText, toUseText } from '../../shared/quota/quota-text.ts'
import { Skeleton, useIsLate } from '../../shared/ui/Skeleton.tsx'

/** The quotas that limit this person, and how far they are used. */
export function QuotasSection() {
  const text = useText()
  const isLate = useIsLate()
  const { data, error, isPending, refetch } = useQuery(myQuotasQuery)
  if (isPending) return <div aria-busy="true">{isLate ? <Skeleton height="2.5rem" /> : null}</div>
  if (error) {
    return (
      <div className="settings-row" role="alert">
        <span>{toErrorText(text, error)}</span>
        <button type="button" className="btn" onClick={() => void refetch()}>
          {text('common.retry')}
        </button>
      </div>
    )
  }
  if (data.quotas.length === 0) return <p className="settings-lead">{text('settings.quotas.none')}</p>
  return (
    <>
      <p className="settings-lead">{text('settings.quotas.lead')}</p>
      <ul>
        {data.quotas.map((quota) => (
          <li key={`${quota.scope}-${quota.name ?? ''}-${quota.measure}-${quota.period}`} className="settings-row">
            <span>
              {toUseText(text, quota)}
              <small>
                {toQuotaOwner(text, quota)}
                {quota.renewsAt === null
                  ? null
                  : ` · ${text('settings.quotas.renews', { date: toRenewalText(quota) })}`}
              </small>
              <QuotaBar use={quota} label={toUseText(text, quota)} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
