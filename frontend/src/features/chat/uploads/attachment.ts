import type { Agent } from '@llmchat/protocol/api/agent-schema'
import type { ClientErrorCode } from '../../../shared/api/api-error.ts'
import type { FileKind, MessageFile } from './message-file.ts'

/** Where an attachment stands. Only `ready` ones outlive a reload: the bytes of the others are in this page alone. */
export type AttachmentState =
  | { phase: 'uploading'; sentBytes: number }
  /** `isSent`: it belongs to a message already, so taking it off here must not delete it. */
  | { phase: 'ready'; file: MessageFile; isSent?: true }
  | { phase: 'failed'; code: ClientErrorCode; requestId: string | null; isRetryable: boolean }

/** A file beside what is typed: chosen, pasted or dropped, on its way to the server or there. */
export interface Attachment {
  /** Of this page. */
  key: string
  name: string
  sizeBytes: number | null
  /** Null: only the server can tell, and it has not yet. */
  kind: FileKind | null
  /** An image to show: an object URL of this page, or the upload's. */
  previewUrl: string | null
  state: AttachmentState
}

export const noAttachments: readonly Attachment[] = []

type Takes = Pick<Agent, 'takesImages' | 'takesFiles'>

/** What may go with a message to this agent: `waiting` for what comes by itself, `blocked` until somebody acts. */
export function toReadiness(list: readonly Attachment[], agent: Takes | null): 'ready' | 'waiting' | 'blocked' {
  const isBlocked = list.some((attachment) => isStuck(attachment) || !isTaken(attachment, agent))
  if (isBlocked) return 'blocked'
  return list.every(({ state }) => state.phase === 'ready') ? 'ready' : 'waiting'
}

/** Text files go to everybody. Without an agent nobody can tell, and the server decides. */
export function isTaken({ kind }: Pick<Attachment, 'kind'>, agent: Takes | null): boolean {
  if (agent === null || kind === null || kind === 'text') return true
  return kind === 'image' ? agent.takesImages : agent.takesFiles
}

function isStuck({ state }: Attachment): boolean {
  return state.phase === 'failed' && !isSelfHealing(state.code)
}

/** Tried again by itself as soon as the network or the login is back. */
export function isSelfHealing(code: ClientErrorCode): boolean {
  return code === 'network' || code === 'unauthenticated'
}

/** The files that are on the server, in the order in which they were added. */
export function listReadyFiles(list: readonly Attachment[]): MessageFile[] {
  return list.flatMap(({ state }) => (state.phase === 'ready' ? [state.file] : []))
}

/** The list with `state` in place of the named one's; the same list when it is gone. */
export function withState(list: readonly Attachment[], key: string, state: AttachmentState): readonly Attachment[] {
  if (!list.some((attachment) => attachment.key === key)) return list
  return list.map((attachment) => {
    if (attachment.key !== key) return attachment
    if (state.phase !== 'ready') return { ...attachment, state }
    // From now on it is called what the server calls it.
    const { name, kind, sizeBytes } = state.file
    return { ...attachment, name, kind, sizeBytes: sizeBytes ?? attachment.sizeBytes, state }
  })
}
