import type { ReactNode } from 'react'
import { useLocale } from '../../shared/i18n/use-locale.ts'
import { useText } from '../../shared/i18n/use-text.ts'
import { changeSettings } from '../../shared/settings/settings-store.ts'
import { toggleTheme } from '../../shared/theme/toggle-theme.ts'
import { Mark } from '../../shared/ui/Mark.tsx'
import './auth.css'

/** Mark, one sheet of paper, and below it the two settings a visitor may need before signing in. */
export function AuthFrame({ children }: { children: ReactNode }) {
  const text = useText()
  const locale = useLocale()
  return (
    <div className="auth-page">
      <main>
        <p className="auth-brand">
          <Mark />
          {text('common.brand')}
        </p>
        {children}
      </main>
      <footer>
        {locale === 'zh' ? (
          <button type="button" lang="en" onClick={() => changeSettings({ language: 'en' })}>
            English
          </button>
        ) : (
          <button type="button" lang="zh-CN" onClick={() => changeSettings({ language: 'zh' })}>
            简体中文
          </button>
        )}
        <button type="button" data-testid="theme-toggle" onClick={toggleTheme}>
          {text('common.theme.short')}
        </button>
      </footer>
    </div>
  )
}
