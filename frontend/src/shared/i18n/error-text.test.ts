import { setupI18n } from '@lingui/core'
import { expect, it } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import { enCatalogue } from './catalogue/en-catalogue.ts'
import { compileCatalogue } from './compile-message.ts'
import { toErrorText } from './error-text.ts'
import type { Text } from './text-key.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: compileCatalogue(enCatalogue) } })
const text: Text = (key, ...values) => i18n._(key, values[0])

it('says what happened, what became of the text, and what to do', () => {
  const error = new ApiError({ code: 'network', message: 'x', requestId: null, status: 0, retryAfterMs: null })
  expect(toErrorText(text, error)).toBe(
    'The server is not reachable. The text is still on this device. Check the network and retry.',
  )
})

it('takes anything else for our own fault', () => {
  expect(toErrorText(text, new TypeError('x'))).toContain('Something failed on the server.')
})
