import type { InputRequest } from '@llmchat/protocol/chat-event'
import { expect, it } from 'vitest'
import { canSkip, findReplyPairs, toFormReply } from './reply-text.ts'

const form: InputRequest = {
  kind: 'form',
  title: 'Release',
  options: [],
  fields: [
    { key: 'who', label: 'Owner', type: 'text', isRequired: true },
    { key: 'count', label: 'Count', type: 'number', isRequired: false },
    { key: 'sure', label: 'Sure', type: 'checkbox', isRequired: false },
  ],
}

it('writes a form as JSON of its fields and reads it back for the folded line', () => {
  const data = new FormData()
  data.set('who', '陈嘉明')
  data.set('count', '3')
  const reply = toFormReply(form, data)
  expect(JSON.parse(reply)).toEqual({ who: '陈嘉明', count: 3, sure: false })
  expect(findReplyPairs(form, reply)).toEqual([
    { label: 'Owner', value: '陈嘉明' },
    { label: 'Count', value: '3' },
    { label: 'Sure', value: '—' },
  ])
})

it('knows a choice by its key, and a message that is no reply', () => {
  const select: InputRequest = { kind: 'select', title: 'When', options: [{ key: 'b', label: 'Thursday' }], fields: [] }
  expect(findReplyPairs(select, 'b')).toEqual([{ label: 'When', value: 'Thursday' }])
  expect(findReplyPairs(select, 'something else')).toBeNull()
  expect(findReplyPairs(form, 'something else')).toBeNull()
  expect(findReplyPairs(form, '{broken')).toBeNull()
})

it('can be skipped when nothing of it is required: all of it comes empty', () => {
  const fields = form.fields.map((field) => ({ ...field, isRequired: false }))
  expect(canSkip(form)).toBe(false)
  expect(canSkip({ ...form, fields })).toBe(true)
  expect(canSkip({ kind: 'select', title: 'When', options: [{ key: 'b', label: 'B' }], fields: [] })).toBe(false)
  const reply = toFormReply({ ...form, fields }, new FormData())
  expect(JSON.parse(reply)).toEqual({ who: '', count: null, sure: false })
})
