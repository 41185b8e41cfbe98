import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import type { Text, TextOf } from './text-key.ts'

/** The function that gives a text in the active language; a new one after the language changed. */
export function useText(): Text {
  return useTextOf()
}

/** The same for texts that a part of the app has loaded itself, by `useMoreTexts`. */
export function useTextOf<Texts extends Readonly<Record<string, string>>>(): TextOf<Texts> {
  const { _: translate } = useLingui()
  return useMemo<TextOf<Texts>>(
    () =>
      (key, ...values) =>
        translate(String(key), values[0]),
    [translate],
  )
}
