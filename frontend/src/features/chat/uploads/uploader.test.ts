import type { Upload, UploadLimits } from '@llmchat/protocol/api/upload-schema'
import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../../shared/api/api-error.ts'
import type { ClientErrorCode } from '../../../shared/api/api-error.ts'
import { createAttachmentStore, toAttachment } from './attachment-store.ts'
import type { SendUploadOptions } from './send-upload.ts'
import { openUploader } from './uploader.ts'

const limits: UploadLimits = { maxFileBytes: 100, maxFilesPerMessage: 5, mediaTypes: ['image/png'] }
const png = (name: string, content = 'abc') => new File([content], name, { type: 'image/png' })

const toUpload = (id: string): Upload => ({
  id,
  name: `${id}.png`,
  mediaType: 'image/png',
  kind: 'image',
  sizeBytes: 3,
  widthPx: 1,
  heightPx: 1,
  url: `/api/uploads/${id}`,
  createdAt: '2026-01-01T00:00:00.000Z',
})

const refusal = (code: ClientErrorCode, status: number) =>
  new ApiError({ code, message: code, requestId: 'r1', status, retryAfterMs: null })

function open(readLimits: () => Promise<UploadLimits> = () => Promise.resolve(limits)) {
  const attachments = createAttachmentStore(null, 'u')
  const requests: {
    file: File
    options: SendUploadOptions
    reply: (id: string) => void
    fail: (e: unknown) => void
  }[] = []
  const removed: string[] = []
  const previews = new Set<string>()
  const wakes = new Set<() => void>()
  let idCount = 0
  const uploader = openUploader({
    attachments,
    send: (file, options) =>
      new Promise((resolve, reject) => {
        const fail = (error: unknown) => reject(error instanceof Error ? error : new Error('no error'))
        options.signal.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')))
        requests.push({ file, options, reply: (id) => resolve(toUpload(id)), fail })
      }),
    readLimits,
    remove: (id) => {
      removed.push(id)
      return Promise.resolve()
    },
    createId: () => `k${++idCount}`,
    createPreview(file) {
      previews.add(file.name)
      return file.name
    },
    revokePreview: (url) => previews.delete(url),
    onWake(wake) {
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
  })
  const states = () => attachments.read('s1').map(({ state }) => state)
  const waitFor = (phase: string) => vi.waitUntil(() => states().some((state) => state.phase === phase))
  return { attachments, requests, removed, previews, wakes, uploader, states, waitFor }
}

describe('the uploader', () => {
  it('shows a file at once, how far it is, and that it is there', async () => {
    const { uploader, requests, attachments, states, waitFor } = open()
    expect(await uploader.add('s1', [png('a.png')])).toEqual({ leftOut: 0, max: 5 })
    expect(attachments.read('s1')).toMatchObject([{ name: 'a.png', sizeBytes: 3, kind: 'image', previewUrl: 'a.png' }])
    requests[0]?.options.onProgress(2)
    expect(states()).toEqual([{ phase: 'uploading', sentBytes: 2 }])
    requests[0]?.reply('u1')
    await waitFor('ready')
    expect(states()).toMatchObject([{ phase: 'ready', file: { id: 'u1', name: 'u1.png', sizeBytes: 3 } }])
  })

  it('refuses what the server would refuse without asking it, and says what did not fit', async () => {
    const { uploader, requests, states } = open()
    const files = [
      png('empty.png', ''),
      png('big.png', 'x'.repeat(101)),
      ...['a', 'b', 'c', 'd'].map((name) => png(name)),
    ]
    expect(await uploader.add('s1', files)).toEqual({ leftOut: 1, max: 5 })
    expect(states().slice(0, 2)).toEqual([
      { phase: 'failed', code: 'upload_empty', requestId: null, isRetryable: false },
      { phase: 'failed', code: 'upload_too_large', requestId: null, isRetryable: false },
    ])
    expect(requests.map(({ file }) => file.name)).toEqual(['a', 'b', 'c'])
  })

  it('sends three at a time, the next as soon as one has ended, well or not', async () => {
    const { uploader, requests } = open()
    await uploader.add(
      's1',
      ['a', 'b', 'c', 'd', 'e'].map((name) => png(name)),
    )
    expect(requests).toHaveLength(3)
    requests[1]?.reply('u2')
    await vi.waitUntil(() => requests.length === 4)
    requests[0]?.fail(refusal('upload_type_refused', 415))
    await vi.waitUntil(() => requests.length === 5)
  })

  it('lets the server check alone when the limits cannot be read, and asks for them again', async () => {
    const readLimits = vi.fn(() => Promise.reject(refusal('network', 0)))
    const { uploader, requests } = open(readLimits)
    await uploader.add('s1', [png('a', 'x'.repeat(200))])
    await uploader.add('s1', [png('b')])
    expect(requests).toHaveLength(2)
    expect(readLimits).toHaveBeenCalledTimes(2)
  })

  it('calls off what is taken off on its way, and forgets its preview', async () => {
    const { uploader, requests, previews, removed, attachments } = open()
    await uploader.add('s1', [png('a'), png('b')])
    uploader.remove('s1', 'k1')
    expect(requests.map(({ options }) => options.signal.aborted)).toEqual([true, false])
    expect([...previews]).toEqual(['b'])
    expect(attachments.read('s1').map(({ name }) => name)).toEqual(['b'])
    expect(removed).toEqual([])
  })

  it('takes back from the server what arrives after it was taken off', async () => {
    const { uploader, requests, removed } = open()
    await uploader.add('s1', [png('a')])
    // The answer is there, but has not been read yet.
    requests[0]?.reply('u1')
    uploader.remove('s1', 'k1')
    await vi.waitUntil(() => removed.length > 0)
    expect(removed).toEqual(['u1'])
  })

  it('deletes what nobody has sent, and nothing that belongs to a message', async () => {
    const { uploader, requests, removed, waitFor, attachments } = open()
    await uploader.add('s1', [png('a')])
    requests[0]?.reply('u1')
    await waitFor('ready')
    const { id, name, mediaType, kind, sizeBytes } = toUpload('sent')
    attachments.change('s1', (list) => [...list, toAttachment({ id, name, mediaType, kind, sizeBytes }, true)])
    uploader.remove('s1', 'sent')
    expect(removed).toEqual([])
    uploader.remove('s1', 'k1')
    expect(removed).toEqual(['u1'])
    expect(attachments.read('s1')).toEqual([])
  })

  it('leaves the files of a sent message on the server, and forgets their previews', async () => {
    const { uploader, requests, removed, previews, waitFor, attachments } = open()
    await uploader.add('s1', [png('a')])
    requests[0]?.reply('u1')
    await waitFor('ready')
    attachments.clear('s1')
    expect([...previews]).toEqual([])
    expect(removed).toEqual([])
  })

  it('says why a file was refused, and tries again when asked', async () => {
    const { uploader, requests, states, waitFor } = open()
    await uploader.add('s1', [png('a')])
    requests[0]?.fail(refusal('file_store_unavailable', 503))
    await waitFor('failed')
    expect(states()).toEqual([{ phase: 'failed', code: 'file_store_unavailable', requestId: 'r1', isRetryable: true }])
    uploader.retry('s1', 'k1')
    requests[1]?.fail(refusal('upload_space_full', 409))
    await waitFor('failed')
    expect(states()).toMatchObject([{ code: 'upload_space_full', isRetryable: false }])
  })

  it('tries again by itself when the network or the login is back, and what was refused never', async () => {
    const { uploader, requests, wakes, states } = open()
    await uploader.add('s1', [png('a'), png('b'), png('c')])
    requests[0]?.fail(refusal('network', 0))
    requests[1]?.fail(refusal('unauthenticated', 401))
    requests[2]?.fail(refusal('upload_type_refused', 415))
    await vi.waitUntil(() => states().every(({ phase }) => phase === 'failed'))
    for (const wake of wakes) wake()
    expect(requests.slice(3).map(({ file }) => file.name)).toEqual(['a', 'b'])
    expect(states().map(({ phase }) => phase)).toEqual(['uploading', 'uploading', 'failed'])
  })

  it('ends with everything when closed', async () => {
    const { uploader, requests, previews, wakes } = open()
    await uploader.add('s1', [png('a')])
    uploader.close()
    expect(requests[0]?.options.signal.aborted).toBe(true)
    expect(previews.size).toBe(0)
    expect(wakes.size).toBe(0)
  })
})
