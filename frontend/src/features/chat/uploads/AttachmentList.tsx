import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useEffect, useState } from 'react'
import { enUpload } from '../../../shared/i18n/catalogue/en/upload.ts'
import { zhUpload } from '../../../shared/i18n/catalogue/zh/upload.ts'
import { useMoreTexts } from '../../../shared/i18n/use-more-texts.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { AttachmentChip } from './AttachmentChip.tsx'
import { isSelfHealing } from './attachment.ts'
import type { Attachment } from './attachment.ts'
import './attachment-list.css'
import { useUploadText } from './use-upload-text.ts'

interface AttachmentListProps {
  draftKey: string
  attachments: readonly Attachment[]
  agent: Agent | null
  /** Sending was asked for and waits for the files. */
  isWaiting: boolean
  /** Files alone are no message. */
  isTextMissing: boolean
  onStopWaiting: () => void
}

/** The files beside what is typed. Its texts are loaded here, in both languages. */
export function AttachmentList(props: AttachmentListProps) {
  return useMoreTexts(zhUpload, enUpload) ? <Chips {...props} /> : null
}

function Chips({ draftKey, attachments, agent, isWaiting, isTextMissing, onStopWaiting }: AttachmentListProps) {
  const text = useUploadText()
  const { attachments: store, loadUploader } = useChatRuntime()
  const act = (name: 'retry' | 'remove', key: string) =>
    void loadUploader()
      .then((uploader) => uploader[name](draftKey, key))
      // Without its chunk nothing can be called off; the chip still goes.
      .catch(() => name === 'remove' && store.change(draftKey, (list) => list.filter((each) => each.key !== key)))
  return (
    <div className="chat-attachments" data-testid="attachments">
      <ul aria-label={text('upload.list')}>
        {attachments.map((attachment) => (
          <AttachmentChip
            key={attachment.key}
            attachment={attachment}
            agent={agent}
            onRetry={() => act('retry', attachment.key)}
            onRemove={() => act('remove', attachment.key)}
          />
        ))}
      </ul>
      <Status attachments={attachments} />
      {isWaiting ? (
        <p role="status">
          <Icon name="clock" isSmall />
          {text('upload.waiting')}
          <button type="button" className="btn quiet" onClick={onStopWaiting}>
            {text('upload.stopWaiting')}
          </button>
        </p>
      ) : isTextMissing ? (
        <p>{text('upload.textMissing')}</p>
      ) : null}
    </div>
  )
}

/** Told once as files begin and once as all are there, never per step. The region is there before its first words. */
function Status({ attachments }: { attachments: readonly Attachment[] }) {
  const text = useUploadText()
  const [isHere, setIsHere] = useState(false)
  useEffect(() => {
    const frame = requestAnimationFrame(() => setIsHere(true))
    return () => cancelAnimationFrame(frame)
  }, [])
  const running = attachments.filter(({ state }) => state.phase === 'uploading').length
  const offline = attachments.some(({ state }) => state.phase === 'failed' && isSelfHealing(state.code))
  const ready = attachments.filter(({ state }) => state.phase === 'ready').length
  const words =
    running > 0
      ? text('upload.status.running', { count: running })
      : offline || ready === 0
        ? ''
        : text('upload.status.ready', { count: ready })
  return (
    <span className="sr" role="status">
      {isHere ? words : ''}
    </span>
  )
}
