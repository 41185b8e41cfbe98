import { useSettingsText } from './use-settings-text.ts'
import { copyText } from '../../shared/ui/copy-text.ts'
import { Icon } from '../../shared/ui/Icon.tsx'
import { showToast } from '../../shared/ui/toast-store.ts'
import '../../shared/secret/secret.css'

/** The recovery codes, this once. They stay until the person says that they are kept. */
export function RecoveryCodeList({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = useSettingsText()
  const copy = async () => {
    const isCopied = await copyText(codes.join('\n'))
    showToast(
      isCopied ? { kind: 'ok', text: text('common.copied') } : { kind: 'warn', text: text('common.copyFailed') },
    )
  }
  return (
    <div className="new-secret" role="status">
      <p>
        <strong>{text('settings.totp.enabled')}</strong> · {text('settings.totp.codes')}
      </p>
      <ul className="settings-codes" aria-label={text('settings.totp.codes.list')}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="settings-buttons">
        <button type="button" className="btn" onClick={() => void copy()}>
          <Icon name="copy" isSmall />
          {text('common.copy')}
        </button>
        <button type="button" className="btn primary" onClick={onDone}>
          {text('settings.apiKeys.done')}
        </button>
      </div>
    </div>
  )
}
