import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useEffect, useEffectEvent, useState } from 'react'
import { listReadyFiles, toReadiness } from './attachment.ts'
import type { Attachment } from './attachment.ts'
import type { MessageFile } from './message-file.ts'
import { useAttachments } from './use-attachments.ts'

/** Sending a draft that may have files beside it. */
export interface FileSending {
  attachments: readonly Attachment[]
  /** Sending was asked for, and comes by itself when the files are there. */
  isWaiting: boolean
  /** Some file cannot go as it is; it says why itself. */
  isBlocked: boolean
  /** Sends, now or when the files are there. */
  send: () => void
  stopWaiting: () => void
}

/** `submit` is called with the files, at the latest in the frame in which the last one has arrived. */
export function useFileSending(
  draftKey: string,
  agent: Agent | null,
  submit: (files: readonly MessageFile[]) => void,
): FileSending {
  const attachments = useAttachments(draftKey)
  const [isAsked, setIsAsked] = useState(false)
  const [dueCount, setDueCount] = useState(0)
  const readiness = toReadiness(attachments, agent)
  if (isAsked && readiness !== 'waiting') {
    // A file that failed meanwhile ends the wish: nobody should be surprised by a message that goes later.
    setIsAsked(false)
    if (readiness === 'ready') setDueCount(dueCount + 1)
  }
  const submitDue = useEffectEvent(() => {
    if (dueCount > 0) submit(listReadyFiles(attachments))
  })
  useEffect(() => submitDue(), [dueCount])
  return {
    attachments,
    isWaiting: isAsked && readiness === 'waiting',
    isBlocked: readiness === 'blocked',
    send() {
      if (readiness === 'ready') submit(listReadyFiles(attachments))
      else if (readiness === 'waiting') setIsAsked(true)
    },
    stopWaiting: () => setIsAsked(false),
  }
}
