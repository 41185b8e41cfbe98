import type { KeyboardEvent } from 'react'
import { useText } from '../../../shared/i18n/use-text.ts'
import { IconButton } from '../../../shared/ui/IconButton.tsx'

interface BranchSwitchProps {
  siblingIds: readonly string[]
  currentId: string
  onChoose: (id: string) => void
}

/** `2 / 3` between two arrows; nothing when there is one version only. */
export function BranchSwitch({ siblingIds, currentId, onChoose }: BranchSwitchProps) {
  const text = useText()
  const index = siblingIds.indexOf(currentId)
  if (siblingIds.length < 2) return null
  const choose = (id: string | undefined) => {
    if (id !== undefined) onChoose(id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    choose(siblingIds[event.key === 'ArrowLeft' ? index - 1 : index + 1])
  }
  return (
    <span className="branches" role="group" aria-label={text('chat.message.versions')} onKeyDown={onKeyDown}>
      <IconButton
        icon="left"
        isSmall
        label={text('chat.message.previous')}
        aria-disabled={index <= 0}
        onClick={() => choose(siblingIds[index - 1])}
      />
      <span aria-live="polite">{text('chat.message.version', { index: index + 1, count: siblingIds.length })}</span>
      <IconButton
        icon="right"
        isSmall
        label={text('chat.message.next')}
        aria-disabled={index === siblingIds.length - 1}
        onClick={() => choose(siblingIds[index + 1])}
      />
    </span>
  )
}
