import type { CreatedApiKey } from '@llmchat/protocol/api/auth-schema'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery, createApiKey } from '../../shared/api/auth.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useSettingsText } from './use-settings-text.ts'

/** A name, and a key is made. */
export function CreateApiKeyForm({ onCreated }: { onCreated: (created: CreatedApiKey) => void }) {
  const text = useSettingsText()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const mutation = useMutation({
    mutationFn: createApiKey,
    onSuccess: (created) => {
      onCreated(created)
      return queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey })
    },
  })
  const trimmed = name.trim()
  return (
    <form
      className="settings-create"
      onSubmit={(event) => {
        event.preventDefault()
        if (trimmed !== '' && !mutation.isPending) mutation.mutate({ name: trimmed })
      }}
    >
      <input
        className="input"
        aria-label={text('settings.apiKeys.name')}
        placeholder={text('settings.apiKeys.name.placeholder')}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="btn primary" disabled={trimmed === ''} aria-disabled={mutation.isPending}>
        {text('settings.apiKeys.create')}
      </button>
      {mutation.isError ? (
        <p role="alert" className="settings-error">
          {toErrorText(text, mutation.error)}
        </p>
      ) : null}
    </form>
  )
}
