import { ErrorCodeLine } from '../../../shared/ui/ErrorCodeLine.tsx'
import { toAdminErrorText } from '../admin-error-text.ts'
import { useAdminText } from '../use-admin-text.ts'
import './form.css'

/** Beside what caused it. Null: nothing failed. */
export function FormError({ error }: { error: unknown }) {
  const text = useAdminText()
  if (error === null || error === undefined) return null
  return (
    <div role="alert" className="admin-error">
      <p>{toAdminErrorText(text, error)}</p>
      <ErrorCodeLine error={error} />
    </div>
  )
}
