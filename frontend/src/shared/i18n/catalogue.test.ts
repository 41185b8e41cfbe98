import { setupI18n } from '@lingui/core'
import { errorCatalogue } from '@llmchat/protocol/error-code'
import { describe, expect, it } from 'vitest'
import { enAdminCatalogue } from './catalogue/en-admin-catalogue.ts'
import { enCatalogue } from './catalogue/en-catalogue.ts'
import { enSearch } from './catalogue/en/search.ts'
import { enSettings } from './catalogue/en/settings.ts'
import { enUpload } from './catalogue/en/upload.ts'
import { zhAdminCatalogue } from './catalogue/zh-admin-catalogue.ts'
import { zhCatalogue } from './catalogue/zh-catalogue.ts'
import { zhSearch } from './catalogue/zh/search.ts'
import { zhSettings } from './catalogue/zh/settings.ts'
import { zhUpload } from './catalogue/zh/upload.ts'
import { compileCatalogue, compileMessage } from './compile-message.ts'
import { toLocale } from './locale.ts'

const zh: Record<string, string> = { ...zhCatalogue, ...zhAdminCatalogue, ...zhSearch, ...zhSettings, ...zhUpload }
const en: Record<string, string> = { ...enCatalogue, ...enAdminCatalogue, ...enSearch, ...enSettings, ...enUpload }

function listNames(message: string): string[] {
  const names = compileMessage(message).flatMap((token) => (Array.isArray(token) ? [token[0]] : []))
  return [...new Set(names)].sort()
}

describe('the catalogues', () => {
  it('hold the same texts, none empty', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
    for (const text of [...Object.values(zh), ...Object.values(en)]) expect(text.trim()).not.toBe('')
  })

  it.each(Object.keys(zh))('name the same values in %s', (key) => {
    expect(listNames(en[key] ?? '')).toEqual(listNames(zh[key] ?? ''))
  })

  it('have a sentence for every error code', () => {
    for (const code of Object.keys(errorCatalogue)) {
      expect(zh).toHaveProperty([`error.${code}`])
      expect(en).toHaveProperty([`error.${code}`])
    }
  })

  it('do not shout or apologise', () => {
    for (const text of [...Object.values(zh), ...Object.values(en)]) expect(text).not.toMatch(/[!！]|oops|sorry|抱歉/i)
  })
})

describe('compileMessage', () => {
  it('fills in values and chooses plurals', () => {
    const messages = compileCatalogue({ a: 'a {x} b', n: '{count, plural, one {# chat} other {# chats}} in {x}' })
    const i18n = setupI18n({ locale: 'en', messages: { en: messages } })
    expect(i18n._('a', { x: 1 })).toBe('a 1 b')
    expect(i18n._('n', { count: 1, x: 'y' })).toBe('1 chat in y')
    expect(i18n._('n', { count: 1234, x: 'y' })).toBe('1,234 chats in y')
  })
})

describe('toLocale', () => {
  it('takes the choice, else the first language we speak', () => {
    expect(toLocale('zh', ['en'])).toBe('zh')
    expect(toLocale('system', ['fr-FR', 'zh-TW', 'en'])).toBe('zh')
    expect(toLocale('system', ['en-GB', 'zh'])).toBe('en')
    expect(toLocale('system', ['fr'])).toBe('en')
  })
})
