import { expect, it } from 'vitest'
import { createAttachmentStore, toAttachment } from './attachment-store.ts'
import type { Attachment } from './attachment.ts'
import type { MessageFile } from './message-file.ts'

const file: MessageFile = {
  id: '0198c0de-0000-7000-8000-000000000001',
  name: 'plan.png',
  mediaType: 'image/png',
  kind: 'image',
  sizeBytes: 12,
}
const uploading: Attachment = {
  key: 'k',
  name: 'b.pdf',
  sizeBytes: 5,
  kind: null,
  previewUrl: 'blob:x',
  state: { phase: 'uploading', sentBytes: 0 },
}

function createStorage() {
  const values = new Map<string, string>()
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
}

it('keeps what is uploaded through a reload, and nothing else', () => {
  const storage = createStorage()
  const store = createAttachmentStore(storage, 'u')
  store.change('s1', () => [uploading, toAttachment(file)])
  const reloaded = createAttachmentStore(storage, 'u')
  expect(reloaded.read('s1')).toEqual([toAttachment(file)])
  expect(reloaded.read('s1')[0]?.previewUrl).toBe(`/api/uploads/${file.id}`)
  expect(reloaded.read('s1')).toBe(reloaded.read('s1'))
  expect(reloaded.read('s2')).toEqual([])
  expect(createAttachmentStore(storage, 'other').read('s1')).toEqual([])
})

it('remembers that all were taken off, until the draft is sent', () => {
  const storage = createStorage()
  const store = createAttachmentStore(storage, 'u')
  expect(store.has('edit.m1')).toBe(false)
  store.change('edit.m1', () => [toAttachment(file, true)])
  store.change('edit.m1', () => [])
  expect(createAttachmentStore(storage, 'u').has('edit.m1')).toBe(true)
  expect(createAttachmentStore(storage, 'u').read('edit.m1')).toEqual([])
  store.clear('edit.m1')
  expect(store.has('edit.m1')).toBe(false)
  expect(storage.values.size).toBe(0)
})

it.each(['broken', '{}', '[{"id":1}]', '[null]'])('takes %s for nothing', (stored) => {
  const storage = createStorage()
  storage.setItem('llmchat.files.u.s1', stored)
  expect(createAttachmentStore(storage, 'u').read('s1')).toEqual([])
})

it('works without storage, and changes nothing when nothing changes', () => {
  const store = createAttachmentStore(null, 'u')
  store.change('s1', () => [toAttachment(file)])
  const before = store.getState()
  store.change('s1', (list) => list)
  expect(store.getState()).toBe(before)
  expect(store.read('s1')).toHaveLength(1)
})
