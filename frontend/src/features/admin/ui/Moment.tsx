import { toLanguageTag } from '../../../shared/i18n/locale.ts'
import { useLocale } from '../../../shared/i18n/use-locale.ts'
import { useAdminText } from '../use-admin-text.ts'

interface MomentProps {
  /** A timestamp; null is drawn as "no value". */
  iso: string | null
  /** What null means, where that is known. */
  none?: string
  hasSeconds?: boolean
}

/** A point in time in the reader's own zone; the zone's name is in the tooltip. */
export function Moment({ iso, none, hasSeconds = false }: MomentProps) {
  const text = useAdminText()
  const locale = useLocale()
  if (iso === null) return <span className="admin-none">{none ?? text('admin.none')}</span>
  const date = new Date(iso)
  const tag = toLanguageTag(locale)
  return (
    <time
      className="num"
      dateTime={iso}
      title={new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'long' }).format(date)}
    >
      {new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: hasSeconds ? 'medium' : 'short' }).format(date)}
    </time>
  )
}
