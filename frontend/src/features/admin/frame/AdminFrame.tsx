import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { Mark } from '../../../shared/ui/Mark.tsx'
import { adminGroups } from '../admin-pages.ts'
import type { AdminPageEntry } from '../admin-pages.ts'
import { useAdminText } from '../use-admin-text.ts'
import './admin-frame.css'

/** Navigation and page. `pages`: those this person may see. */
export function AdminFrame({ pages, children }: { pages: readonly AdminPageEntry[]; children: ReactNode }) {
  const text = useAdminText()
  return (
    <div className="admin">
      <a
        className="skip"
        href="#admin-main"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('admin-main')?.focus()
        }}
      >
        {text('common.skip')}
      </a>
      <aside className="admin-rail" aria-label={text('admin.title')}>
        <div className="top">
          <Mark />
          <span>{text('common.brand')}</span>
          <span className="badge">{text('admin.badge')}</span>
        </div>
        <RailNav pages={pages} />
        <Link href="/" className="back">
          <Icon name="chat" />
          <span>{text('admin.back')}</span>
        </Link>
      </aside>
      <main id="admin-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function RailNav({ pages }: { pages: readonly AdminPageEntry[] }) {
  const text = useAdminText()
  const [location] = useLocation()
  const ref = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a phone the navigation is a row that scrolls sideways.
    ref.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [location])
  return (
    <nav ref={ref} aria-label={text('admin.pages')}>
      {adminGroups.map((group) => {
        const entries = pages.filter((page) => page.group === group)
        if (entries.length === 0) return null
        return (
          <section key={group} aria-labelledby={`admin-nav-${group}`}>
            <h2 id={`admin-nav-${group}`}>{text(`admin.group.${group}`)}</h2>
            <ul>
              {entries.map(({ path, titleKey, iconPath }) => (
                <li key={path}>
                  <Link href={`/admin/${path}`} aria-current={location === `/admin/${path}` ? 'page' : undefined}>
                    <svg className="i" viewBox="0 0 20 20" aria-hidden="true">
                      <path d={iconPath} />
                    </svg>
                    {text(titleKey)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </nav>
  )
}
