import { useStore } from 'zustand'
import { toWarningText } from '../../../shared/quota/quota-text.ts'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'

/** On top of the composer: a question of this tab took a quota past its soft limit. Until it is dismissed. */
export function QuotaNotice() {
  const text = useText()
  const { quotaWarnings } = useChatRuntime()
  const warnings = useStore(quotaWarnings)
  if (warnings.length === 0) return null
  return (
    <div role="status" data-testid="quota-warning">
      <ul className="chat-outbox quota-notice">
        {warnings.map((quota, index) => (
          <li key={`${quota.scope}-${quota.measure}-${quota.period}-${quota.name ?? ''}`}>
            <Icon name="warning" isSmall />
            <span>{toWarningText(text, quota)}</span>
            {index === 0 ? (
              <IconButton
                icon="close"
                isSmall
                label={text('quota.dismiss')}
                onClick={() => quotaWarnings.setState([], true)}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  )
}
