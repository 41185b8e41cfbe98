import { useAdminText } from '../use-admin-text.ts'
import './form.css'

interface FormActsProps {
  /** The verb on the button that does it. */
  act: string
  isPending: boolean
  onCancel: () => void
}

/** The end of a form: leave it, or do it. */
export function FormActs({ act, isPending, onCancel }: FormActsProps) {
  const text = useAdminText()
  return (
    <footer>
      <button type="button" className="btn" onClick={onCancel}>
        {text('common.cancel')}
      </button>
      <button type="submit" className="btn primary" aria-disabled={isPending}>
        {act}
      </button>
    </footer>
  )
}
