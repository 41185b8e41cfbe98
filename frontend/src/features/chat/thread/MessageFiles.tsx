import type { MessagePart } from '@llmchat/protocol/message-part'
import { Suspense, useState } from 'react'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Icon } from '../../../shared/ui/Icon.tsx'
import { LazyImageDialog } from '../uploads/lazy-attachments.ts'
import { toFileKind } from '../uploads/message-file.ts'
import './message-files.css'

type FilePart = Extract<MessagePart, { type: 'file' }>

/** What was sent along with a question: images to be seen, files to be had again. */
export function MessageFiles({ parts }: { parts: readonly MessagePart[] }) {
  const text = useText()
  const files = parts.filter((part) => part.type === 'file')
  return (
    <ul className="files" aria-label={text('chat.files.of')}>
      {files.map((file) => (
        <li key={file.id}>
          {toFileKind(file.mediaType) === 'image' ? <Thumbnail file={file} /> : <FileLink file={file} />}
        </li>
      ))}
    </ul>
  )
}

/** Of one size before and after it is there. An image that cannot be had is a file like others. */
function Thumbnail({ file }: { file: FilePart }) {
  const text = useText()
  const [isMissing, setIsMissing] = useState(false)
  const [isOpen, setIsOpen] = useState(false)
  const { name, url } = file
  if (isMissing) return <FileLink file={file} />
  return (
    <>
      <button
        type="button"
        className="thumb"
        data-testid="thumbnail"
        title={name}
        aria-label={text('chat.files.open', { name })}
        onClick={() => setIsOpen(true)}
      >
        <img src={url} alt="" loading="lazy" draggable={false} onError={() => setIsMissing(true)} />
      </button>
      {isOpen ? (
        <Suspense fallback={null}>
          <LazyImageDialog name={name} url={url} onClose={() => setIsOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

function FileLink({ file: { name, url } }: { file: FilePart }) {
  const text = useText()
  return (
    <a className="file" href={url} download={name} title={text('chat.files.download')}>
      <Icon name="file" />
      <span>{name}</span>
      <Icon name="download" isSmall />
    </a>
  )
}
