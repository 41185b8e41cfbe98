import { setupI18n } from '@lingui/core'
import { errorCatalogue } from '@llmchat/protocol/error-code'
import { expect, it } from 'vitest'
import { ApiError } from '../../shared/api/api-error.ts'
import { enAdminErrors } from '../../shared/i18n/catalogue/en/admin-errors.ts'
import { enError } from '../../shared/i18n/catalogue/en/error.ts'
import { compileCatalogue } from '../../shared/i18n/compile-message.ts'
import { toAdminCodeText, toAdminErrorText } from './admin-error-text.ts'
import type { AdminText } from './use-admin-text.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: compileCatalogue({ ...enError, ...enAdminErrors }) } })
const text: AdminText = (key, ...values) => i18n._(key, values[0])

it('speaks to an administrator where the general sentence speaks of a message', () => {
  expect(toAdminCodeText(text, 'upstream_auth')).toBe('The upstream refused the key. Check it or write a new one.')
  expect(toAdminCodeText(text, 'last_admin')).toContain('Nobody else is an administrator')
})

it('never tells an administrator that their message is saved', () => {
  for (const code of Object.keys(errorCatalogue)) {
    if (!code.startsWith('upstream_')) continue
    expect(toAdminCodeText(text, code), code).not.toMatch(/your message/i)
  }
})

it('takes what it does not know for our own fault', () => {
  expect(toAdminErrorText(text, new TypeError('x'))).toContain('Something failed on the server')
  expect(toAdminCodeText(text, 'toString')).toContain('Something failed on the server')
  const error = new ApiError({ code: 'conflict', message: '', requestId: null, status: 409, retryAfterMs: null })
  expect(toAdminErrorText(text, error)).toContain('This was changed elsewhere')
})
