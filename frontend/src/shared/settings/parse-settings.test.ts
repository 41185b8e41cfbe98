import { expect, it } from 'vitest'
import earlyTheme from '../../../public/early-theme.js?raw'
import { parseSettings } from './parse-settings.ts'
import { settingsKey } from './settings-store.ts'

it('takes what is stored and defaults for the rest', () => {
  expect(parseSettings('{"theme":"dark","isEnterToSend":false,"defaultAgentId":"a","language":"fr"}')).toEqual({
    theme: 'dark',
    language: 'system',
    isEnterToSend: false,
    defaultAgentId: 'a',
  })
})

it.each([null, '', 'nonsense', 'null', '[]', '"x"', '{"theme":1,"isEnterToSend":"no"}'])('survives %j', (stored) => {
  expect(parseSettings(stored)).toEqual({
    theme: 'system',
    language: 'system',
    isEnterToSend: true,
    defaultAgentId: null,
  })
})

it('is read under the same key before the first paint', () => {
  expect(earlyTheme).toContain(`'${settingsKey}'`)
})
