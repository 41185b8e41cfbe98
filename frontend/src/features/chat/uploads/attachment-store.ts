import { toUploadUrl } from '@llmchat/protocol/upload-url'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import { listReadyFiles, noAttachments } from './attachment.ts'
import type { Attachment } from './attachment.ts'
import { parseMessageFiles } from './message-file.ts'
import type { MessageFile } from './message-file.ts'

type Lists = Readonly<Record<string, readonly Attachment[]>>

/** The files beside what is typed, by the key of its draft. What is uploaded is kept as the text is. */
export interface AttachmentStore extends Pick<StoreApi<Lists>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** The same list until it changes. */
  read: (draftKey: string) => readonly Attachment[]
  /** Whether anything, be it that all were taken off, is kept under the key. */
  has: (draftKey: string) => boolean
  /** Replaces the list by what `change` makes of it; the same list means no change. */
  change: (draftKey: string, change: (list: readonly Attachment[]) => readonly Attachment[]) => void
  /** Sent or given up. */
  clear: (draftKey: string) => void
}

export function createAttachmentStore(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null,
  userId: string,
): AttachmentStore {
  const store = createStore<Lists>(() => ({}))
  const stored = new Map<string, readonly Attachment[]>()
  const toStorageKey = (key: string) => `llmchat.files.${userId}.${key}`

  /** Read from the storage once; a selector must be given the same list each time. */
  function readStored(key: string): readonly Attachment[] {
    const known = stored.get(key)
    if (known) return known
    const files = parseFiles(storage?.getItem(toStorageKey(key)) ?? null)
    const list = files.length === 0 ? noAttachments : files.map((file) => toAttachment(file))
    stored.set(key, list)
    return list
  }

  const read = (key: string) => store.getState()[key] ?? readStored(key)
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    read,
    has: (key) => key in store.getState() || (storage?.getItem(toStorageKey(key)) ?? null) !== null,
    change(key, change) {
      const before = read(key)
      const after = change(before)
      if (after === before) return
      store.setState({ [key]: after })
      const files = JSON.stringify(listReadyFiles(after))
      if (files !== JSON.stringify(listReadyFiles(before))) storage?.setItem(toStorageKey(key), files)
    },
    clear(key) {
      stored.delete(key)
      storage?.removeItem(toStorageKey(key))
      store.setState(({ [key]: _cleared, ...others }) => others, true)
    },
  }
}

/** A file that is on the server as an attachment. */
export function toAttachment(file: MessageFile, isSent = false): Attachment {
  const { id, name, kind, sizeBytes } = file
  return {
    key: id,
    name,
    sizeBytes,
    kind,
    previewUrl: kind === 'image' ? toUploadUrl(id) : null,
    state: { phase: 'ready', file, ...(isSent ? { isSent } : {}) },
  }
}

function parseFiles(json: string | null): MessageFile[] {
  if (json === null) return []
  try {
    return parseMessageFiles(JSON.parse(json)) ?? []
  } catch {
    return []
  }
}

export function useAttachmentList(store: AttachmentStore, draftKey: string): readonly Attachment[] {
  return useStore(store, () => store.read(draftKey))
}
