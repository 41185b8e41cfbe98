import type { zhCatalogue } from '../../../shared/i18n/catalogue/zh-catalogue.ts'
import type { zhUpload } from '../../../shared/i18n/catalogue/zh/upload.ts'
import type { TextOf } from '../../../shared/i18n/text-key.ts'
import { useTextOf } from '../../../shared/i18n/use-text.ts'

type UploadTexts = typeof zhCatalogue & typeof zhUpload

/** As `useText`, and it knows the texts of added files too. Only below `AttachmentList`, which has loaded them. */
export function useUploadText(): TextOf<UploadTexts> {
  return useTextOf<UploadTexts>()
}
