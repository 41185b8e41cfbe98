import type { LoginSessionInfo } from '@llmchat/protocol/api/identity-schema'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { endAllLoginSessions, endLoginSession, loginSessionsQuery } from '../../shared/api/identity.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { toDayText } from '../../shared/i18n/to-day-text.ts'
import { useLocale } from '../../shared/i18n/use-locale.ts'
import { useSettingsText } from './use-settings-text.ts'
import { showToast } from '../../shared/ui/toast-store.ts'
import { SettingsError } from './SettingsError.tsx'
import { toBrowserName } from './to-browser-name.ts'

/** Where a person is signed in; each can be ended, or all at once. */
export function LoginSessionList() {
  const text = useSettingsText()
  const { data, error } = useQuery(loginSessionsQuery)
  const endAll = useMutation({
    mutationFn: endAllLoginSessions,
    // Everything of the page belonged to a login that is over.
    onSuccess: () => window.location.assign('/login'),
    onError: (problem) => showToast({ kind: 'bad', text: toErrorText(text, problem) }),
  })
  if (error !== null) return <SettingsError error={error} />
  return (
    <section aria-label={text('settings.logins')} aria-busy={data === undefined}>
      <div className="settings-row">
        <span>
          {text('settings.logins')}
          <small>{text('settings.logins.hint')}</small>
        </span>
        <button
          type="button"
          className="btn danger"
          aria-disabled={endAll.isPending}
          onClick={() => {
            if (!endAll.isPending) endAll.mutate()
          }}
        >
          {text('settings.logins.endAll')}
        </button>
      </div>
      <ul>
        {data?.loginSessions.map((loginSession) => (
          <LoginSessionRow key={loginSession.id} loginSession={loginSession} />
        ))}
      </ul>
    </section>
  )
}

function LoginSessionRow({ loginSession }: { loginSession: LoginSessionInfo }) {
  const text = useSettingsText()
  const locale = useLocale()
  const queryClient = useQueryClient()
  const { id, isCurrent, address, lastSeenAt } = loginSession
  const name = toBrowserName(loginSession.userAgent) ?? text('settings.logins.unknown')
  const mutation = useMutation({
    mutationFn: () => endLoginSession(id),
    onError: (error) => showToast({ kind: 'bad', text: toErrorText(text, error) }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: loginSessionsQuery.queryKey }),
  })
  return (
    <li className="settings-row">
      <span>
        {name}
        <small>
          {address} · {text('settings.logins.seen', { date: toDayText(lastSeenAt, locale, new Date()) })}
        </small>
      </span>
      {isCurrent ? (
        <small>{text('settings.logins.current')}</small>
      ) : (
        <button
          type="button"
          className="btn"
          aria-label={text('settings.logins.endNamed', { name })}
          aria-disabled={mutation.isPending}
          onClick={() => {
            if (!mutation.isPending) mutation.mutate()
          }}
        >
          {text('settings.logins.end')}
        </button>
      )}
    </li>
  )
}
