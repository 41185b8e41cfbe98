import type { CreatedApiKey } from '@llmchat/protocol/api/auth-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery } from '../../shared/api/auth.ts'
import { useSettingsText } from './use-settings-text.ts'
import { NewSecret } from '../../shared/secret/NewSecret.tsx'
import { ApiKeyRow } from './ApiKeyRow.tsx'
import { CreateApiKeyForm } from './CreateApiKeyForm.tsx'
import { SettingsQuery } from './SettingsQuery.tsx'

/** A person's API keys: create, copy once, revoke. */
export function ApiKeysSection() {
  const text = useSettingsText()
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
      <SettingsQuery query={useQuery(apiKeysQuery)}>
        {({ apiKeys }) =>
          apiKeys.length === 0 ? (
            <p className="settings-lead">{text('settings.apiKeys.none')}</p>
          ) : (
            <ul>
              {apiKeys.map((apiKey) => (
                <ApiKeyRow key={apiKey.id} apiKey={apiKey} />
              ))}
            </ul>
          )
        }
      </SettingsQuery>
    </>
  )
}
