import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useRef } from 'react'
import { useText } from '../../../shared/i18n/use-text.ts'
import { IconButton } from '../../../shared/ui/IconButton.tsx'
import { toTaken } from './to-taken.ts'

interface AttachButtonProps {
  agent: Agent | null
  /** The pointer or the focus has come: what adds files can be fetched. */
  onApproach: () => void
  onFiles: (files: readonly File[]) => void
}

/** Opens the browser's choice of files. Its name says what this agent takes. */
export function AttachButton({ agent, onApproach, onFiles }: AttachButtonProps) {
  const text = useText()
  const ref = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton
        icon="attach"
        label={text(`chat.files.add.${toTaken(agent)}`)}
        data-testid="attach"
        onPointerEnter={onApproach}
        onFocus={onApproach}
        onClick={() => ref.current?.click()}
      />
      <input
        ref={ref}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        onChange={(event) => {
          const { files } = event.target
          if (files) onFiles([...files])
          // So that the same file can be chosen again.
          event.target.value = ''
        }}
      />
    </>
  )
}
