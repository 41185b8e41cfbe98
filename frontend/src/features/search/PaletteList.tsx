import { Fragment, useEffect } from 'react'
import { Icon } from '../../shared/ui/Icon.tsx'
import type { PaletteItem } from './palette-item.ts'
import { toPieces } from './to-pieces.ts'
import { useSearchText } from './use-search-text.ts'

interface PaletteListProps {
  id: string
  items: readonly PaletteItem[]
  activeId: string | undefined
  onHover: (id: string) => void
  onChoose: (item: PaletteItem) => void
}

const groups = ['messages', 'chats', 'commands'] as const

/** The results by kind. The focus stays in the input, which names the active line to screen readers. */
export function PaletteList({ id, items, activeId, onHover, onChoose }: PaletteListProps) {
  const text = useSearchText()
  useEffect(() => {
    if (activeId !== undefined) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
  }, [activeId])
  return (
    <div className="search-list" id={id} role="listbox" aria-label={text('search.results')}>
      {groups.map((group) => {
        const members = items.filter((item) => item.group === group)
        if (members.length === 0) return null
        const name = text(`search.${group}`)
        return (
          <Fragment key={group}>
            <h3 aria-hidden="true">{name}</h3>
            <ul role="group" aria-label={name}>
              {members.map((item) => (
                <li
                  key={item.id}
                  id={item.id}
                  role="option"
                  aria-selected={item.id === activeId}
                  onPointerMove={() => onHover(item.id)}
                  onClick={() => onChoose(item)}
                >
                  <Icon name={item.icon} />
                  <span>
                    {toPieces(item.label, item.ranges).map((piece, index) =>
                      piece.isHit ? <mark key={index}>{piece.text}</mark> : piece.text,
                    )}
                  </span>
                  {item.detail === '' ? null : <small>{item.detail}</small>}
                </li>
              ))}
            </ul>
          </Fragment>
        )
      })}
    </div>
  )
}
