import type { zhCatalogue } from '../../shared/i18n/catalogue/zh-catalogue.ts'
import type { zhSearch } from '../../shared/i18n/catalogue/zh/search.ts'
import type { TextOf } from '../../shared/i18n/text-key.ts'
import { useTextOf } from '../../shared/i18n/use-text.ts'

type SearchTexts = typeof zhCatalogue & typeof zhSearch

/** As `useText`, and it knows the texts of the search too. Only below `SearchPalette`, which has loaded them. */
export function useSearchText(): TextOf<SearchTexts> {
  return useTextOf<SearchTexts>()
}
