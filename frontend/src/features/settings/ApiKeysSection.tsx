import type { CreatedApiKey } from '@llmchat/protocol/api/auth-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery } from '../../shared/api/auth.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { NewSecret } from '../../shared/secret/NewSecret.tsx'
import { Skeleton, useIsLate } from '../../shared/ui/Skeleton.tsx'
import { ApiKeyRow } from './ApiKeyRow.tsx'
import { CreateApiKeyForm } from './CreateApiKeyForm.tsx'

/** A person's API keys: create, copy once, revoke. */
export function ApiKeysSection() {
  const text = useText()
  const [created, setCreated] = useState<CreatedApiKey | null>(null)
  return (
    <>
      <p className="settings-lead">{text('settings.apiKeys.lead')}</p>
      {created ? (
        <NewSecret
          title={text('settings.apiKeys.created')}
          note={text('settings.apiKeys.once')}
          label={text('settings.apiKeys.secret')}
          secret={created.secret}
          done={text('settings.apiKeys.done')}
          onDone={() => setCreated(null)}
        />
      ) : (
        <CreateApiKeyForm onCreated={setCreated} />
      )}
      <ApiKeyList />
    </>
  )
}

function ApiKeyList() {
  const text = useText()
  const isLate = useIsLate()
  const { data, error, isPending, refetch } = useQuery(apiKeysQuery)
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
  if (data.apiKeys.length === 0) return <p className="settings-lead">{text('settings.apiKeys.none')}</p>
  return (
    <ul>
      {data.apiKeys.map((apiKey) => (
        <ApiKeyRow key={apiKey.id} apiKey={apiKey} />
      ))}
    </ul>
  )
}
