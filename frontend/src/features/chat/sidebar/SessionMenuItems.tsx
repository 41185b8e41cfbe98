import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { toExportUrl } from '../../../shared/api/sessions.ts'
import { useText } from '../../../shared/i18n/use-text.ts'
import { MenuItem } from '../../../shared/ui/Menu.tsx'
import { useSessionActs } from './session-acts.ts'

/** What can be done with one chat: the same in the list and in the header. */
export function SessionMenuItems({ session }: { session: ChatSession }) {
  const text = useText()
  const acts = useSessionActs()
  return (
    <>
      <MenuItem icon="edit" onSelect={() => acts.askRename(session)}>
        {text('chat.menu.rename')}
      </MenuItem>
      <MenuItem icon="pin" onSelect={() => acts.setPinned(session, !session.isPinned)}>
        {text(session.isPinned ? 'chat.menu.unpin' : 'chat.menu.pin')}
      </MenuItem>
      <MenuItem icon="archive" onSelect={() => acts.setArchived(session, !session.isArchived)}>
        {text(session.isArchived ? 'chat.menu.unarchive' : 'chat.menu.archive')}
      </MenuItem>
      <hr />
      <MenuItem icon="file" onSelect={() => download(toExportUrl(session.id, 'md'))}>
        {text('chat.menu.exportMarkdown')}
      </MenuItem>
      <MenuItem icon="file" onSelect={() => download(toExportUrl(session.id, 'json'))}>
        {text('chat.menu.exportJson')}
      </MenuItem>
      <hr />
      <MenuItem icon="trash" onSelect={() => acts.askDelete(session)}>
        {text('chat.menu.delete')}
      </MenuItem>
    </>
  )
}

/** By a link of its own: an error answer becomes a failed download, not a page in place of this one. */
function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}
