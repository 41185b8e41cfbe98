import { useLingui } from '@lingui/react'
import { useEffect, useSyncExternalStore } from 'react'
import { compileCatalogue } from './compile-message.ts'

type Texts = Readonly<Record<string, string>>

/**
 * Adds the texts that a part of the app brings with its own chunk, in both languages, so that switching cannot blank it.
 * False until they are there, for the first frame.
 */
export function useMoreTexts(zh: Texts, en: Texts): boolean {
  const { i18n } = useLingui()
  const [probe = ''] = Object.keys(zh)
  const isReady = useSyncExternalStore(
    (onChange) => i18n.on('change', onChange),
    () => Object.hasOwn(i18n.messages, probe),
  )
  useEffect(() => {
    i18n.load({ zh: compileCatalogue(zh), en: compileCatalogue(en) })
  }, [i18n, zh, en])
  return isReady
}
