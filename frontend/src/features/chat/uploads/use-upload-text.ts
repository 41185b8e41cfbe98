import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import type { zhUpload } from '../../../shared/i18n/catalogue/zh/upload.ts'
import type { TextOf } from '../../../shared/i18n/text-key.ts'

/** Only below `AttachmentList`, which has loaded these texts. */
export function useUploadText(): TextOf<typeof zhUpload> {
  const { _: translate } = useLingui()
  return useMemo<TextOf<typeof zhUpload>>(
    () =>
      (key, ...values) =>
        translate(key, values[0]),
    [translate],
  )
}
