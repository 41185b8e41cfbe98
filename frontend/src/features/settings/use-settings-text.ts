import type { zhCatalogue } from '../../shared/i18n/catalogue/zh-catalogue.ts'
import type { zhSettings } from '../../shared/i18n/catalogue/zh/settings.ts'
import type { TextOf } from '../../shared/i18n/text-key.ts'
import { useTextOf } from '../../shared/i18n/use-text.ts'

type SettingsTexts = typeof zhCatalogue & typeof zhSettings

/** As `useText`, and it knows the texts of the settings too. Only below `SettingsDialog`, which has loaded them. */
export function useSettingsText(): TextOf<SettingsTexts> {
  return useTextOf<SettingsTexts>()
}
