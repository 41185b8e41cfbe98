import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import type { zhAdminCatalogue } from '../../shared/i18n/catalogue/zh-admin-catalogue.ts'
import type { zhCatalogue } from '../../shared/i18n/catalogue/zh-catalogue.ts'
import type { TextOf } from '../../shared/i18n/text-key.ts'

type AdminTexts = typeof zhCatalogue & typeof zhAdminCatalogue

export type AdminTextKey = keyof typeof zhAdminCatalogue

/** As `Text`, and it knows the texts of the administration area too. */
export type AdminText = TextOf<AdminTexts>

/** Only below `AdminPage`, which has loaded these texts. */
export function useAdminText(): AdminText {
  const { _: translate } = useLingui()
  return useMemo<AdminText>(
    () =>
      (key, ...values) =>
        translate(key, values[0]),
    [translate],
  )
}
