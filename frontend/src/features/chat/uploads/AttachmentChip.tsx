import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useEffect, useRef } from 'react'
import { isErrorCode } from '@llmchat/protocol/error-code'
import { toCodeText } from '../../../shared/i18n/error-text.ts'
import { useLocale } from '../../../shared/i18n/use-locale.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { isSelfHealing, isTaken } from './attachment.ts'
import type { Attachment } from './attachment.ts'
import { toSizeText } from './to-size-text.ts'
import { useUploadText } from './use-upload-text.ts'

interface AttachmentChipProps {
  attachment: Attachment
  agent: Agent | null
  onRetry: () => void
  onRemove: () => void
}

/** One file: what it is, how far it is, why it cannot go, and the way to be rid of it. */
export function AttachmentChip({ attachment, agent, onRetry, onRemove }: AttachmentChipProps) {
  const text = useUploadText()
  const { name, sizeBytes, previewUrl, state } = attachment
  const isUnfit = !isTaken(attachment, agent)
  const isFailed = state.phase === 'failed' && !isSelfHealing(state.code)
  const ref = useRef<HTMLLIElement>(null)
  const hasReason = isFailed || isUnfit
  // Among many, the newest is in sight, and so is what keeps the message from being sent.
  useEffect(() => {
    // In braces: newer browsers return a promise, which React would take for the effect's end.
    ref.current?.scrollIntoView({ block: 'nearest' })
  }, [hasReason])
  return (
    <li
      ref={ref}
      data-testid="attachment"
      data-phase={state.phase}
      className={isFailed ? 'is-failed' : isUnfit ? 'is-unfit' : ''}
    >
      {previewUrl === null ? (
        <Icon name={isFailed ? 'warning' : 'file'} />
      ) : (
        <img src={previewUrl} alt="" draggable={false} />
      )}
      <span className="what">
        <b title={name}>{name}</b>
        <Facts attachment={attachment} />
      </span>
      {canRetry(attachment) ? (
        <IconButton icon="retry" isSmall label={text('upload.retry', { name })} onClick={onRetry} />
      ) : null}
      <IconButton
        icon="close"
        isSmall
        label={text(state.phase === 'uploading' ? 'upload.cancel' : 'upload.remove', { name })}
        onClick={onRemove}
      />
      {state.phase === 'uploading' ? (
        <progress aria-label={text('upload.progress', { name })} max={sizeBytes ?? 1} value={state.sentBytes} />
      ) : null}
      <Reason attachment={attachment} agent={isUnfit ? agent : null} />
    </li>
  )
}

function Facts({ attachment: { sizeBytes, state } }: Pick<AttachmentChipProps, 'attachment'>) {
  const text = useUploadText()
  const locale = useLocale()
  const isWaiting = state.phase === 'failed' && isSelfHealing(state.code)
  const facts = [
    ...(sizeBytes === null ? [] : [toSizeText(sizeBytes, locale)]),
    ...(state.phase === 'uploading' ? [text('upload.phase.uploading')] : []),
    ...(isWaiting ? [text('upload.phase.offline')] : []),
  ]
  return <small>{facts.join(' · ')}</small>
}

function canRetry({ state }: Attachment): boolean {
  return state.phase === 'failed' && (state.isRetryable || isSelfHealing(state.code))
}

/** `agent`: the one that does not take it. */
function Reason({ attachment: { kind, state }, agent }: Pick<AttachmentChipProps, 'attachment' | 'agent'>) {
  const text = useUploadText()
  if (state.phase === 'failed' && !isSelfHealing(state.code) && isErrorCode(state.code)) {
    return (
      <small className="why" role="alert">
        {toCodeText(text, state.code)} <code>{state.requestId ?? state.code}</code>
      </small>
    )
  }
  if (!agent) return null
  return (
    <small className="why" role="status">
      {text(kind === 'image' ? 'upload.unfit.image' : 'upload.unfit.file', { agent: agent.name })}
    </small>
  )
}
