import type { ApiKey } from '@llmchat/protocol/api/auth-schema'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery, revokeApiKey } from '../../shared/api/auth.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { toDayText } from '../../shared/i18n/to-day-text.ts'
import { useLocale } from '../../shared/i18n/use-locale.ts'
import { useSettingsText } from './use-settings-text.ts'
import { showToast } from '../../shared/ui/toast-store.ts'

/** One key; revoking it cannot be undone, so it asks once more in place. */
export function ApiKeyRow({ apiKey }: { apiKey: ApiKey }) {
  const text = useSettingsText()
  const queryClient = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const mutation = useMutation({
    mutationFn: () => revokeApiKey(apiKey.id),
    onSuccess: () => showToast({ kind: 'ok', text: text('settings.apiKeys.revoked', { name: apiKey.name }) }),
    onError: (error) => showToast({ kind: 'bad', text: toErrorText(text, error) }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  })
  return (
    <li className="settings-row">
      <span>
        {apiKey.name} <code>{apiKey.prefix}…</code>
        {isAsking ? <small>{text('settings.apiKeys.revokeWarning')}</small> : <KeyFacts apiKey={apiKey} />}
      </span>
      {isAsking ? (
        <>
          <button type="button" className="btn quiet" autoFocus onClick={() => setIsAsking(false)}>
            {text('common.cancel')}
          </button>
          <button
            type="button"
            className="btn danger"
            aria-disabled={mutation.isPending}
            onClick={() => {
              if (!mutation.isPending) mutation.mutate()
            }}
          >
            {text('settings.apiKeys.revokeConfirm')}
          </button>
        </>
      ) : (
        <button
          type="button"
          className="btn"
          aria-label={text('settings.apiKeys.revokeNamed', { name: apiKey.name })}
          onClick={() => setIsAsking(true)}
        >
          {text('settings.apiKeys.revoke')}
        </button>
      )}
    </li>
  )
}

function KeyFacts({ apiKey }: { apiKey: ApiKey }) {
  const text = useSettingsText()
  const locale = useLocale()
  const toDay = (iso: string) => toDayText(iso, locale, new Date())
  const used =
    apiKey.lastUsedAt === null
      ? text('settings.apiKeys.neverUsed')
      : text('settings.apiKeys.usedOn', { date: toDay(apiKey.lastUsedAt) })
  return (
    <small>
      {text('settings.apiKeys.createdOn', { date: toDay(apiKey.createdAt) })} · {used}
    </small>
  )
}
