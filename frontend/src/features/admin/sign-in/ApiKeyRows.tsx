import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import type { ApiKey } from '@llmchat/protocol/api/auth-schema'
import { useQuery } from '@tanstack/react-query'
import { apiKeysOfQuery } from '../api/sign-in.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { DrawerSection } from '../ui/Drawer.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { KeyExpiry, KeyScopes } from './ApiKeyParts.tsx'
import { RevokeKeyButton } from './RevokeKeyButton.tsx'

interface ApiKeyRowsProps {
  user: AdminUser
  onConfirm: (confirmation: Confirmation) => void
}

/** The keys of one person. */
export function ApiKeyRows({ user, onConfirm }: ApiKeyRowsProps) {
  const text = useAdminText()
  const { data, error, refetch } = useQuery(apiKeysOfQuery(user.id))
  return (
    <DrawerSection title={text('admin.page.apiKeys')}>
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} isSmall />}
      {data?.length === 0 ? <p>{text('admin.keys.none')}</p> : null}
      <ul className="admin-rows" aria-busy={data === undefined}>
        {data?.map((apiKey) => (
          <ApiKeyRow key={apiKey.id} user={user} apiKey={apiKey} onConfirm={onConfirm} />
        ))}
      </ul>
    </DrawerSection>
  )
}

function ApiKeyRow({ user, apiKey, onConfirm }: ApiKeyRowsProps & { apiKey: ApiKey }) {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const { name, prefix, rateLimitPerMinute } = apiKey
  return (
    <li>
      <span>
        {name} <code>{prefix}…</code> <KeyScopes scopes={apiKey.scopes} />
        <small>
          {text('admin.keys.used')} <Moment iso={apiKey.lastUsedAt} none={text('admin.never')} /> ·{' '}
          {text('admin.keys.expires')} <KeyExpiry expiresAt={apiKey.expiresAt} /> · {text('admin.keys.rate')}{' '}
          {rateLimitPerMinute ?? text('admin.keys.rate.shared')}
        </small>
      </span>
      {mayAdminister ? <RevokeKeyButton apiKey={apiKey} owner={user} onConfirm={onConfirm} /> : null}
    </li>
  )
}
