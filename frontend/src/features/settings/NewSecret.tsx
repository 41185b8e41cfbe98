import { useText } from '../../shared/i18n/use-text.ts'
import { copyText } from '../../shared/ui/copy-text.ts'
import { Icon } from '../../shared/ui/Icon.tsx'
import { showToast } from '../../shared/ui/toast-store.ts'

/** A key's secret, this once. It stays until the person says that it is kept. */
export function NewSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const text = useText()
  const copy = async () => {
    const isCopied = await copyText(secret)
    showToast(
      isCopied ? { kind: 'ok', text: text('common.copied') } : { kind: 'warn', text: text('common.copyFailed') },
    )
  }
  return (
    <div className="settings-secret" role="status">
      <p>
        <strong>{text('settings.apiKeys.created')}</strong> · {text('settings.apiKeys.once')}
      </p>
      <div className="settings-create">
        <input
          className="input"
          readOnly
          aria-label={text('settings.apiKeys.secret')}
          value={secret}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="btn primary" onClick={() => void copy()}>
          <Icon name="copy" isSmall />
          {text('common.copy')}
        </button>
      </div>
      <button type="button" className="btn" onClick={onDone}>
        {text('settings.apiKeys.done')}
      </button>
    </div>
  )
}
