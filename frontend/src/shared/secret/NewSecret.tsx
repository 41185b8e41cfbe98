import { useText } from '../i18n/use-text.ts'
import { copyText } from '../ui/copy-text.ts'
import { Icon } from '../ui/Icon.tsx'
import { showToast } from '../ui/toast-store.ts'
import './secret.css'

interface NewSecretProps {
  /** What was made. */
  title: string
  /** That it is shown this once, and what to do with it. */
  note: string
  /** The accessible name of the value. */
  label: string
  secret: string
  /** The words by which a person says that it is kept. */
  done: string
  onDone: () => void
}

/** A secret, this once. It stays until the person says that it is kept. */
export function NewSecret({ title, note, label, secret, done, onDone }: NewSecretProps) {
  const text = useText()
  const copy = async () => {
    const isCopied = await copyText(secret)
    showToast(
      isCopied ? { kind: 'ok', text: text('common.copied') } : { kind: 'warn', text: text('common.copyFailed') },
    )
  }
  return (
    <div className="new-secret" role="status">
      <p>
        <strong>{title}</strong> · {note}
      </p>
      <div>
        <input
          className="input"
          readOnly
          aria-label={label}
          value={secret}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="btn primary" onClick={() => void copy()}>
          <Icon name="copy" isSmall />
          {text('common.copy')}
        </button>
      </div>
      <button type="button" className="btn" onClick={onDone}>
        {done}
      </button>
    </div>
  )
}
