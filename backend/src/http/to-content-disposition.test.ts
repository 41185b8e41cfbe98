import { expect, test } from 'vitest'
import { toContentDisposition } from './to-content-disposition.ts'

test('a Chinese name keeps its characters by RFC 5987 and gets an ASCII fallback', () => {
  expect(toContentDisposition('部署 plan', 'md')).toBe(
    `attachment; filename="_ plan.md"; filename*=UTF-8''%E9%83%A8%E7%BD%B2%20plan.md`,
  )
})

test('nothing in a title can end the header or the quotes', () => {
  const header = toContentDisposition('a"b\r\nset-cookie: x; c\\d/..\u202e(1)\'%', 'json')
  expect(header).toMatch(/^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[A-Za-z0-9%._!~-]+$/)
})

test('an empty or dotted name becomes chat', () => {
  expect(toContentDisposition('...', 'md')).toContain('filename="chat.md"')
  expect(toContentDisposition('', 'md')).toContain('filename="chat.md"')
})

test('a lone surrogate does not throw', () => {
  expect(toContentDisposition('a\ud83d', 'md')).toContain("UTF-8''a_.md")
})
