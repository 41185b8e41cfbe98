import { useState } from 'react'
import { useSettingsText } from './use-settings-text.ts'
import { enSettings } from '../../shared/i18n/catalogue/en/settings.ts'
import { zhSettings } from '../../shared/i18n/catalogue/zh/settings.ts'
import { useMoreTexts } from '../../shared/i18n/use-more-texts.ts'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { IconButton } from '../../shared/ui/IconButton.tsx'
import { ApiKeysSection } from './ApiKeysSection.tsx'
import { GeneralSection } from './GeneralSection.tsx'
import { QuotasSection } from './QuotasSection.tsx'
import { SecuritySection } from './SecuritySection.tsx'
import './settings.css'

const sections = ['general', 'security', 'quotas', 'apiKeys'] as const

const contents = { general: GeneralSection, security: SecuritySection, quotas: QuotasSection, apiKeys: ApiKeysSection }

/** What a person may choose for this browser, how they sign in, and their API keys. Every change takes effect at once. */
export default function SettingsDialog({ onClose }: { onClose: () => void }) {
  return useMoreTexts(zhSettings, enSettings) ? <OpenSettings onClose={onClose} /> : null
}

function OpenSettings({ onClose }: { onClose: () => void }) {
  const text = useSettingsText()
  const [current, setCurrent] = useState<(typeof sections)[number]>('general')
  const Content = contents[current]
  return (
    <Dialog isOpen onClose={onClose} title={text('settings.title')} hasHeading={false} className="settings-dialog">
      <nav aria-label={text('settings.sections')}>
        <h2>{text('settings.title')}</h2>
        <ul>
          {sections.map((section) => (
            <li key={section}>
              <button
                type="button"
                aria-current={section === current ? 'page' : undefined}
                onClick={() => setCurrent(section)}
              >
                {text(`settings.${section}`)}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div className="settings-in">
        <IconButton icon="close" label={text('common.close')} onClick={onClose} />
        <h3>{text(`settings.${current}`)}</h3>
        <Content />
      </div>
    </Dialog>
  )
}
