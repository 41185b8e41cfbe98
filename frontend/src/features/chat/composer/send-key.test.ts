import { expect, it } from 'vitest'
import { isSendKey } from './send-key.ts'

const enter = {
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  keyCode: 13,
  isComposing: false,
}

it('sends by Enter, breaks the line by Shift + Enter', () => {
  expect(isSendKey(enter, true)).toBe(true)
  expect(isSendKey({ ...enter, shiftKey: true }, true)).toBe(false)
  expect(isSendKey({ ...enter, key: 'a' }, true)).toBe(false)
})

it('sends by Ctrl or Cmd + Enter when Enter breaks the line', () => {
  expect(isSendKey(enter, false)).toBe(false)
  expect(isSendKey({ ...enter, ctrlKey: true }, false)).toBe(true)
  expect(isSendKey({ ...enter, metaKey: true }, false)).toBe(true)
})

it('leaves Enter to the input method while a word is being composed', () => {
  expect(isSendKey({ ...enter, isComposing: true }, true)).toBe(false)
  expect(isSendKey({ ...enter, keyCode: 229 }, true)).toBe(false)
})
