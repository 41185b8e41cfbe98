import type { Agent } from '@llmchat/protocol/api/agent-schema'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { toTaken } from './to-taken.ts'
import './file-drop-zone.css'
import { useFileDrop } from './use-file-drop.ts'

interface FileDropZoneProps {
  agent: Agent | null
  onFiles: (files: readonly File[]) => void
}

/** Lies over the chat while files are dragged, and says so when this agent does not take all. */
export function FileDropZone({ agent, onFiles }: FileDropZoneProps) {
  const text = useText()
  const isOver = useFileDrop(onFiles)
  if (!isOver) return null
  const taken = toTaken(agent)
  return (
    <div className="chat-drop" data-testid="drop-zone">
      <p>
        <Icon name="attach" />
        <strong>{text('chat.files.drop')}</strong>
        {taken === 'all' ? null : text(`chat.files.add.${taken}`)}
      </p>
    </div>
  )
}
