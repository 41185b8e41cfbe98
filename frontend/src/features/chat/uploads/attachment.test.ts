import { describe, expect, it } from 'vitest'
import { isTaken, listReadyFiles, toReadiness, withState } from './attachment.ts'
import type { Attachment, AttachmentState } from './attachment.ts'
import type { FileKind } from './message-file.ts'

const create = (state: AttachmentState, kind: FileKind | null = 'image', key = 'a'): Attachment => ({
  key,
  name: `${key}.png`,
  sizeBytes: 10,
  kind,
  previewUrl: null,
  state,
})

const toFile = (kind: FileKind, id = 'u1') => ({ id, name: 'clean.png', mediaType: 'image/png', kind, sizeBytes: 9 })
const ready = (kind: FileKind, id = 'u1') => create({ phase: 'ready', file: toFile(kind, id) }, kind, id)
const uploading = create({ phase: 'uploading', sentBytes: 1 }, null)
const fail = (code: 'network' | 'unauthenticated' | 'upload_too_large' | 'rate_limited') =>
  create({ phase: 'failed', code, requestId: null, isRetryable: true })

const all = { takesImages: true, takesFiles: true }
const none = { takesImages: false, takesFiles: false }

describe('a message with files', () => {
  it.each([
    ['without any', [], none, 'ready'],
    ['all uploaded', [ready('image'), ready('file')], all, 'ready'],
    ['one on its way', [ready('image'), uploading], all, 'waiting'],
    ['the network away', [fail('network')], all, 'waiting'],
    ['the login away', [fail('unauthenticated')], all, 'waiting'],
    ['one refused', [ready('image'), fail('upload_too_large')], all, 'blocked'],
    ['one that only a person tries again', [fail('rate_limited')], all, 'blocked'],
    ['one refused, one on its way', [uploading, fail('upload_too_large')], all, 'blocked'],
    ['an image nobody looks at', [ready('image')], { takesImages: false, takesFiles: true }, 'blocked'],
    ['a file nobody takes', [ready('file')], { takesImages: true, takesFiles: false }, 'blocked'],
    ['text, which everybody takes', [ready('text')], none, 'ready'],
    ['an image, and no agent known', [ready('image')], null, 'ready'],
  ] as const)('%s', (_case, list, agent, readiness) => {
    expect(toReadiness(list, agent)).toBe(readiness)
  })

  it('waits for a file whose kind only the server can tell', () => {
    expect(isTaken(uploading, none)).toBe(true)
    expect(toReadiness([uploading], none)).toBe('waiting')
    const arrived = withState([uploading], 'a', { phase: 'ready', file: toFile('file') })
    expect(toReadiness(arrived, none)).toBe('blocked')
  })

  it('takes over what the server calls a file, and only what is there is sent', () => {
    const list = withState([uploading, ready('text', 'u2')], 'a', { phase: 'ready', file: toFile('image') })
    expect(list[0]).toMatchObject({ key: 'a', name: 'clean.png', kind: 'image', sizeBytes: 9 })
    expect(listReadyFiles([...list, fail('network')]).map(({ id }) => id)).toEqual(['u1', 'u2'])
  })

  it('does not bring back what was taken off', () => {
    const list = [ready('image')]
    expect(withState(list, 'gone', { phase: 'uploading', sentBytes: 1 })).toBe(list)
  })
})
