import { expect, it } from 'vitest'
import type { OutboxItem } from '../outbox/outbox-item.ts'
import { emptyEntry } from '../stream/chat-state.ts'
import { toMessageFiles } from '../uploads/message-file.ts'
import type { MessageFile } from '../uploads/message-file.ts'
import { toQuestionSubmission } from './to-submission.ts'

const id = '0198c0de-0000-7000-8000-000000000001'
const file: MessageFile = { id, name: 'plan.png', mediaType: 'image/png', kind: 'image', sizeBytes: 12 }
const item: OutboxItem = {
  id: 'm1',
  sessionId: 's1',
  text: 'look',
  files: [file],
  agentId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
}
const submit = (of: OutboxItem) => toQuestionSubmission(of, emptyEntry, { nowMs: 0, isRepeat: false })

it('sends files as the AI SDK does, before the words', () => {
  expect(submit(item).body.messages[0]?.parts).toEqual([
    { type: 'file', url: `/api/uploads/${id}`, mediaType: 'image/png', filename: 'plan.png' },
    { type: 'text', text: 'look' },
  ])
  const { files: _none, ...bare } = item
  expect(submit(bare).body.messages[0]?.parts).toEqual([{ type: 'text', text: 'look' }])
})

it('paints the question with its files, which can be read back from it', () => {
  const parts = submit(item).question?.parts ?? []
  expect(parts.map(({ type }) => type)).toEqual(['file', 'text'])
  expect(toMessageFiles(parts)).toEqual([{ ...file, sizeBytes: null }])
})

it('leaves out of an edited question what is no upload', () => {
  const foreign = {
    type: 'file',
    id: 'f',
    mediaType: 'image/png',
    name: 'x',
    url: 'https://elsewhere.example/x.png',
  } as const
  expect(toMessageFiles([foreign])).toEqual([])
})
