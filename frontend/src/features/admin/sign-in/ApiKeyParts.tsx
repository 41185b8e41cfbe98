import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import { useState } from 'react'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'

/** What a key may do. */
export function KeyScopes({ scopes }: { scopes: readonly ApiKeyScope[] }) {
  const text = useAdminText()
  return (
    <span className="admin-badges">
      {scopes.map((scope) => (
        <span key={scope} className={scope === 'admin' ? 'badge warn' : 'badge'}>
          {text(`admin.keys.scope.${scope}`)}
        </span>
      ))}
    </span>
  )
}

/** When it ends, or that it has ended. */
export function KeyExpiry({ expiresAt }: { expiresAt: string | null }) {
  const text = useAdminText()
  // As of the first paint: a list that is looked at is read anew often enough.
  const [nowMs] = useState(Date.now)
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= nowMs
  return (
    <>
      <Moment iso={expiresAt} none={text('admin.keys.expires.never')} />
      {isOver ? (
        <>
          {' '}
          <span className="badge bad">{text('admin.keys.expired')}</span>
        </>
      ) : null}
    </>
  )
}
