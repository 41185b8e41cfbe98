import type { zhAdminCatalogue } from '../../shared/i18n/catalogue/zh-admin-catalogue.ts'
import type { zhCatalogue } from '../../shared/i18n/catalogue/zh-catalogue.ts'
import type { TextOf } from '../../shared/i18n/text-key.ts'
import { useTextOf } from '../../shared/i18n/use-text.ts'

type AdminTexts = typeof zhCatalogue & typeof zhAdminCatalogue

export type AdminTextKey = keyof typeof zhAdminCatalogue

/** As `Text`, and it knows the texts of the administration area too. */
export type AdminText = TextOf<AdminTexts>

/** Only below `AdminPage`, which has loaded these texts. */
export function useAdminText(): AdminText {
  return useTextOf<AdminTexts>()
}
