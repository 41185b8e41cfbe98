import type { Upload, UploadLimits } from '@llmchat/protocol/api/upload-schema'
import { toApiError } from '../../../shared/api/api-error.ts'
import type { ClientErrorCode } from '../../../shared/api/api-error.ts'
import { isRetryable } from '../../../shared/api/create-query-client.ts'
import { isSelfHealing, withState } from './attachment.ts'
import type { Attachment, AttachmentState } from './attachment.ts'
import type { AttachmentStore } from './attachment-store.ts'
import { findFileProblem } from './check-file.ts'
import type { SendUploadOptions } from './send-upload.ts'

/** A browser has six connections to a server, and an answer being written holds one. */
const maxAtOnce = 3

export interface UploaderDeps {
  attachments: AttachmentStore
  send: (file: File, options: SendUploadOptions) => Promise<Upload>
  readLimits: () => Promise<UploadLimits>
  /** Takes an upload that no message has back from the server. */
  remove: (uploadId: string) => Promise<void>
  createId: () => string
  createPreview: (file: File) => string
  revokePreview: (url: string) => void
  onWake: (wake: () => void) => () => void
}

/** Takes files to the server and keeps their attachments told. */
export interface Uploader {
  /** Resolves with how many did not fit into the message, and how many files a message takes. */
  add: (draftKey: string, files: readonly File[]) => Promise<{ leftOut: number; max: number }>
  /** Failed before: once more. */
  retry: (draftKey: string, key: string) => void
  /** Takes it off; what is on its way is called off, what nobody has sent leaves the server. */
  remove: (draftKey: string, key: string) => void
  close: () => void
}

interface Job {
  draftKey: string
  key: string
  file: File
  previewUrl: string | null
  /** Null while it waits for its turn, and after its end. */
  controller: AbortController | null
  isQueued: boolean
}

export function openUploader(deps: UploaderDeps): Uploader {
  const { attachments } = deps
  const jobs = new Map<string, Job>()
  let limits: Promise<UploadLimits | null> | null = null
  const stopFollowing = attachments.subscribe(dropOrphans)
  const stopListening = deps.onWake(retryHealed)

  function change(job: Job, state: AttachmentState): void {
    attachments.change(job.draftKey, (list) => withState(list, job.key, state))
  }

  /** Whoever takes an attachment off the list, or clears it, has ended its upload and its preview with it. */
  function dropOrphans(): void {
    for (const job of jobs.values()) {
      if (attachments.read(job.draftKey).some(({ key }) => key === job.key)) continue
      jobs.delete(job.key)
      job.controller?.abort()
      if (job.previewUrl !== null) deps.revokePreview(job.previewUrl)
    }
  }

  function pump(): void {
    for (const job of jobs.values()) {
      const runningCount = [...jobs.values()].filter(({ controller }) => controller !== null).length
      if (runningCount >= maxAtOnce) return
      if (job.isQueued) void run(job)
    }
  }

  async function run(job: Job): Promise<void> {
    const controller = new AbortController()
    job.isQueued = false
    job.controller = controller
    try {
      const upload = await deps.send(job.file, {
        signal: controller.signal,
        onProgress: (sentBytes) => change(job, { phase: 'uploading', sentBytes }),
      })
      const { id, name, mediaType, kind, sizeBytes } = upload
      // Taken off in the very moment in which it arrived.
      if (controller.signal.aborted) void deps.remove(id).catch(() => undefined)
      else change(job, { phase: 'ready', file: { id, name, mediaType, kind, sizeBytes } })
    } catch (thrown) {
      if (!controller.signal.aborted) {
        const error = toApiError(thrown)
        change(job, toFailure(error.code, error.requestId, error.status === 401 || isRetryable(error)))
      }
    }
    job.controller = null
    pump()
  }

  function enqueue(job: Job): void {
    job.isQueued = true
    change(job, { phase: 'uploading', sentBytes: 0 })
    pump()
  }

  function retryHealed(): void {
    for (const job of jobs.values()) {
      const state = findAttachment(job.draftKey, job.key)?.state
      if (state?.phase === 'failed' && isSelfHealing(state.code)) enqueue(job)
    }
  }

  function findAttachment(draftKey: string, key: string): Attachment | undefined {
    return attachments.read(draftKey).find((attachment) => attachment.key === key)
  }

  /** Asked once; where that fails, the server alone checks and the next file asks again. */
  async function findLimits(): Promise<UploadLimits | null> {
    limits ??= deps.readLimits().catch(() => {
      limits = null
      return null
    })
    return limits
  }

  return {
    async add(draftKey, files) {
      const known = await findLimits()
      const max = known?.maxFilesPerMessage ?? Infinity
      const checked = await Promise.all(
        files.map(async (file) => ({ file, problem: await findFileProblem(file, known) })),
      )
      const taken = checked.slice(0, Math.max(0, max - attachments.read(draftKey).length))
      for (const { file, problem } of taken) {
        const isImage = /^image\/(?!svg)/.test(file.type)
        const previewUrl = isImage && problem === null ? deps.createPreview(file) : null
        const job: Job = { draftKey, key: deps.createId(), file, previewUrl, controller: null, isQueued: false }
        const attachment: Attachment = {
          key: job.key,
          name: file.name,
          sizeBytes: file.size,
          kind: isImage ? 'image' : null,
          previewUrl,
          state: problem === null ? { phase: 'uploading', sentBytes: 0 } : toFailure(problem, null, false),
        }
        attachments.change(draftKey, (list) => [...list, attachment])
        if (problem !== null) continue
        jobs.set(job.key, job)
        enqueue(job)
      }
      return { leftOut: checked.length - taken.length, max }
    },
    retry(draftKey, key) {
      const job = jobs.get(key)
      if (job && findAttachment(draftKey, key)?.state.phase === 'failed') enqueue(job)
    },
    remove(draftKey, key) {
      const state = findAttachment(draftKey, key)?.state
      attachments.change(draftKey, (list) => list.filter((attachment) => attachment.key !== key))
      // What belongs to a message stays on the server, and what cannot be deleted now ends there by itself.
      if (state?.phase === 'ready' && !state.isSent) void deps.remove(state.file.id).catch(() => undefined)
    },
    close() {
      stopFollowing()
      stopListening()
      for (const { controller, previewUrl } of jobs.values()) {
        controller?.abort()
        if (previewUrl !== null) deps.revokePreview(previewUrl)
      }
      jobs.clear()
    },
  }
}

function toFailure(code: ClientErrorCode, requestId: string | null, canRetry: boolean): AttachmentState {
  return { phase: 'failed', code, requestId, isRetryable: canRetry }
}
