import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { toggleTheme } from '../../../shared/theme/toggle-theme.ts'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { useAdminText } from '../use-admin-text.ts'

interface PageHeadProps {
  title: string
  /** One short line of what the page is about, or how old it is. */
  note?: string
  /** Buttons that concern the page as a whole; at most one is primary. */
  children?: ReactNode
}

/** The head of every administration page. Also names the document. */
export function PageHead({ title, note, children }: PageHeadProps) {
  const text = useAdminText()
  useEffect(() => {
    document.title = `${title} · ${text('common.brand')}`
  }, [title, text])
  return (
    <header className="admin-head">
      <h1>{title}</h1>
      <p>{note}</p>
      {children}
      <IconButton icon="sun" label={text('common.theme.toggle')} onClick={toggleTheme} />
    </header>
  )
}
