import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import { useQuery } from '@tanstack/react-query'
import { myQuotasQuery } from '../../shared/api/quotas.ts'
import { useSettingsText } from './use-settings-text.ts'
import { QuotaBar } from '../../shared/quota/QuotaBar.tsx'
import { toQuotaOwner, toRenewalText, toUseText } from '../../shared/quota/quota-text.ts'
import { SettingsQuery } from './SettingsQuery.tsx'

/** The quotas that limit this person, and how far they are used. */
export function QuotasSection() {
  const text = useSettingsText()
  return (
    <SettingsQuery query={useQuery(myQuotasQuery)}>
      {({ quotas }) =>
        quotas.length === 0 ? (
          <p className="settings-lead">{text('settings.quotas.none')}</p>
        ) : (
          <>
            <p className="settings-lead">{text('settings.quotas.lead')}</p>
            <ul>
              {quotas.map((quota) => (
                <QuotaRow key={`${quota.scope}-${quota.name ?? ''}-${quota.measure}-${quota.period}`} quota={quota} />
              ))}
            </ul>
          </>
        )
      }
    </SettingsQuery>
  )
}

function QuotaRow({ quota }: { quota: QuotaUse }) {
  const text = useSettingsText()
  const renewal = quota.renewsAt === null ? '' : ` · ${text('settings.quotas.renews', { date: toRenewalText(quota) })}`
  return (
    <li className="settings-row">
      <span>
        {toUseText(text, quota)}
        <small>
          {toQuotaOwner(text, quota)}
          {renewal}
        </small>
        <QuotaBar use={quota} label={toUseText(text, quota)} />
      </span>
    </li>
  )
}
