import type { Text } from '../../../shared/i18n/text-key.ts'
import { copyText } from '../../../shared/ui/copy-text.ts'
import { showToast } from '../../../shared/ui/toast-store.ts'

/** Copies and says whether it worked. */
export async function copyWithToast(text: Text, value: string): Promise<void> {
  const isCopied = await copyText(value)
  showToast({ kind: isCopied ? 'ok' : 'bad', text: text(isCopied ? 'common.copied' : 'common.copyFailed') })
}
