import { ApiError } from '../../shared/api/api-error.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useSettingsText } from './use-settings-text.ts'

/** Beside a form that asks for the password again: there "wrong" means that password. */
export function SettingsError({ error }: { error: unknown }) {
  const text = useSettingsText()
  const isWrong = error instanceof ApiError && error.code === 'invalid_credentials'
  return (
    <p role="alert" className="settings-error">
      {isWrong ? text('settings.password.wrong') : toErrorText(text, error)}
    </p>
  )
}
