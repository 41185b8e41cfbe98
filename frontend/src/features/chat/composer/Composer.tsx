import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { Suspense, useEffect, useEffectEvent, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { useText } from '../../../shared/i18n/use-text.ts'
import { useSettings } from '../../../shared/settings/use-settings.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { useChatRuntime } from '../runtime/chat-runtime-context.ts'
import { AttachButton } from '../uploads/AttachButton.tsx'
import { LazyAttachmentList } from '../uploads/lazy-attachments.ts'
import type { MessageFile } from '../uploads/message-file.ts'
import { listPastedFiles } from '../uploads/pasted-files.ts'
import { useFileSending } from '../uploads/use-file-sending.ts'
import './composer.css'
import { useDraft } from './draft-store.ts'
import { isComposing, isSendKey } from './send-key.ts'

interface ComposerProps {
  /** Under which the text is kept while it is not sent. */
  draftKey: string
  agent: Agent | null
  /** An answer is being asked for or written: what is sent now queues behind it. */
  isBusy: boolean
  isStopping: boolean
  /** Asked once, when the chat comes up. */
  takesFocus: () => boolean
  onSend: (text: string, files: readonly MessageFile[]) => void
  onFiles: (files: readonly File[]) => void
  onStop: () => void
  onEditLast: () => void
}

/** Where people write. The text stays until it is safe in the outbox, which takes it in the same frame. */
export function Composer(props: ComposerProps) {
  const { draftKey, agent, isBusy, isStopping, takesFocus, onSend, onFiles, onStop, onEditLast } = props
  const text = useText()
  const { drafts, attachments: store, loadUploader } = useChatRuntime()
  const value = useDraft(drafts, draftKey)
  const isEnterToSend = useSettings((settings) => settings.isEnterToSend)
  const ref = useRef<HTMLTextAreaElement>(null)
  const focusAtFirst = useEffectEvent(() => {
    if (takesFocus()) ref.current?.focus()
  })
  useEffect(() => focusAtFirst(), [])
  useEffect(() => {
    if (ref.current) growWithContent(ref.current)
  }, [value])

  const isEmpty = value.trim() === ''
  const sending = useFileSending(draftKey, agent, (files) => {
    // The words may have been taken away while the files were on their way.
    if (isEmpty) return
    onSend(value, files)
    drafts.set(draftKey, '')
    store.clear(draftKey)
  })
  const { attachments, isWaiting } = sending
  const send = () => {
    if (!isEmpty) sending.send()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isSendKey(event.nativeEvent, isEnterToSend)) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && value === '' && !event.altKey && !isComposing(event.nativeEvent)) {
      event.preventDefault()
      onEditLast()
    }
  }
  return (
    <form
      id="composer"
      className="chat-composer"
      aria-label={text('chat.composer.label')}
      onSubmit={(event) => {
        event.preventDefault()
        send()
        ref.current?.focus()
      }}
    >
      {attachments.length > 0 ? (
        <Suspense fallback={null}>
          <LazyAttachmentList
            draftKey={draftKey}
            attachments={attachments}
            agent={agent}
            isWaiting={isWaiting}
            isTextMissing={isEmpty}
            onStopWaiting={sending.stopWaiting}
          />
        </Suspense>
      ) : null}
      <textarea
        ref={ref}
        rows={1}
        data-testid="composer-input"
        aria-label={text('chat.composer.message')}
        placeholder={text('chat.composer.placeholder', { agent: agent?.name ?? text('chat.agent.unknown') })}
        enterKeyHint={isEnterToSend ? 'send' : 'enter'}
        value={value}
        onChange={(event) => drafts.set(draftKey, event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = listPastedFiles(event.clipboardData)
          if (files.length === 0) return
          event.preventDefault()
          onFiles(files)
        }}
      />
      <div className="row">
        <AttachButton agent={agent} onApproach={() => void loadUploader().catch(() => undefined)} onFiles={onFiles} />
        <span className="hint">{text(isEnterToSend ? 'chat.composer.hint.enter' : 'chat.composer.hint.modifier')}</span>
        {isBusy ? (
          <button
            type="button"
            className="icon-btn stop"
            data-testid="stop"
            aria-label={text('chat.composer.stop')}
            title={text('chat.composer.stop')}
            aria-keyshortcuts="Escape"
            disabled={isStopping}
            onClick={onStop}
          >
            <Icon name="stop" />
          </button>
        ) : null}
        <button
          type="submit"
          className="icon-btn send"
          data-testid="send"
          aria-label={text(isBusy ? 'chat.composer.queue' : 'chat.composer.send')}
          title={text(isBusy ? 'chat.composer.queue' : 'chat.composer.send')}
          disabled={isEmpty || sending.isBlocked || isWaiting}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  )
}

/** Only where `field-sizing: content` is not known. */
function growWithContent(area: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return
  area.style.blockSize = 'auto'
  area.style.blockSize = `${area.scrollHeight}px`
}
