import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import type { Text } from './text-key.ts'

/** The function that gives a text in the active language; a new one after the language changed. */
export function useText(): Text {
  const { _: translate } = useLingui()
  return useMemo<Text>(
    () =>
      (key, ...values) =>
        translate(key, values[0]),
    [translate],
  )
}
