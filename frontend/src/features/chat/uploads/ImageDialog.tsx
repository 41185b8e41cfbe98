import { useText } from '../../../shared/i18n/use-text.ts'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { Icon } from '../../../shared/ui/Icon.tsx'
import './image-dialog.css'

interface ImageDialogProps {
  name: string
  url: string
  onClose: () => void
}

/** An image of a message as large as the window allows. */
export function ImageDialog({ name, url, onClose }: ImageDialogProps) {
  const text = useText()
  return (
    <Dialog isOpen title={name} className="chat-image" onClose={onClose}>
      <img src={url} alt={name} />
      <footer>
        <a className="btn" href={url} download={name}>
          <Icon name="download" isSmall />
          {text('chat.files.download')}
        </a>
      </footer>
    </Dialog>
  )
}
