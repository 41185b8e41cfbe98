import { useId, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { enSearch } from '../../shared/i18n/catalogue/en/search.ts'
import { zhSearch } from '../../shared/i18n/catalogue/zh/search.ts'
import { toErrorText } from '../../shared/i18n/error-text.ts'
import { useMoreTexts } from '../../shared/i18n/use-more-texts.ts'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { Icon } from '../../shared/ui/Icon.tsx'
import { isComposing } from '../../shared/ui/is-composing.ts'
import { Say } from '../../shared/ui/Say.tsx'
import type { PaletteItem } from './palette-item.ts'
import { PaletteList } from './PaletteList.tsx'
import './search.css'
import { useCommands } from './use-commands.ts'
import { useDebounced } from './use-debounced.ts'
import { useFoundItems } from './use-found-items.ts'
import { useSearchText } from './use-search-text.ts'

const typingPauseMs = 150

/** Ctrl/Cmd + K: messages, chats and commands by typing. */
export default function SearchPalette({ onClose }: { onClose: () => void }) {
  return useMoreTexts(zhSearch, enSearch) ? <OpenPalette onClose={onClose} /> : null
}

function OpenPalette({ onClose }: { onClose: () => void }) {
  const text = useSearchText()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [chosenId, setChosenId] = useState<string | null>(null)
  const query = typed.trim()
  const found = useFoundItems(useDebounced(query, typingPauseMs))
  const items = [...found.messages, ...found.chats, ...useCommands(query)]
  // A line that is gone loses its mark to the first one.
  const active = items.find((item) => item.id === chosenId) ?? items[0]
  const run = (item: PaletteItem) => {
    onClose()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 && event.key !== 'Enter') return
    event.preventDefault()
    if (step === 0 && active) run(active)
    const index = active ? items.indexOf(active) : 0
    if (step !== 0) setChosenId(items.at((index + step) % items.length)?.id ?? null)
  }
  const isEmpty = items.length === 0 && !found.isPending
  return (
    <Dialog isOpen onClose={onClose} title={text('search.title')} hasHeading={false} className="search-palette">
      <div className="search-find">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={active?.id}
          aria-autocomplete="list"
          aria-label={text('search.input')}
          placeholder={text('search.placeholder')}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setChosenId(null)
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="kbd">Esc</kbd>
      </div>
      {found.error ? (
        <p className="search-failed" role="alert">
          {text('search.failed')} {toErrorText(text, found.error)}
        </p>
      ) : null}
      <PaletteList id={listId} items={items} activeId={active?.id} onHover={setChosenId} onChoose={run} />
      {isEmpty ? (
        <Say icon="search" title={text('search.none', { query })}>
          <p>{text('search.none.hint')}</p>
        </Say>
      ) : null}
      <p className="sr" role="status">
        {found.isPending ? '' : text('search.count', { count: items.length })}
      </p>
      <p className="search-keys" aria-hidden="true">
        <span>
          <kbd className="kbd">↑</kbd> <kbd className="kbd">↓</kbd> {text('search.key.choose')}
        </span>
        <span>
          <kbd className="kbd">⏎</kbd> {text('search.key.open')}
        </span>
      </p>
    </Dialog>
  )
}
