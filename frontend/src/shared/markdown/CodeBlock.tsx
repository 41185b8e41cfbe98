import { useEffect, useState } from 'react'
import { useText } from '../i18n/use-text.ts'
import { copyText } from '../ui/copy-text.ts'
import { Icon } from '../ui/Icon.tsx'
import { showToast } from '../ui/toast-store.ts'
import { highlightCode } from './highlight-code.ts'
import type { CodeSpan } from './highlight-code.ts'

interface CodeBlockProps {
  code: string
  /** The info string of the fence, as written. */
  language: string
  /** The fence is not closed yet: no colours, they would change with every line. */
  isOpen: boolean
}

/** A fence: its language, a copy button, and colours once it is complete and its grammar has been loaded. */
export function CodeBlock({ code, language, isOpen }: CodeBlockProps) {
  const text = useText()
  const name = /^[^\s{]+/.exec(language)?.[0] ?? ''
  const spans = useHighlight(code, name, isOpen)
  const copy = async () => {
    const isCopied = await copyText(code)
    showToast(
      isCopied ? { kind: 'ok', text: text('common.copied') } : { kind: 'warn', text: text('common.copyFailed') },
    )
  }
  return (
    <figure className="code">
      <figcaption>
        {name || text('common.code')}
        <button type="button" className="btn quiet" aria-label={text('common.code.copy')} onClick={() => void copy()}>
          <Icon name="copy" isSmall />
          {text('common.copy')}
        </button>
      </figcaption>
      <pre tabIndex={0} role="region" aria-label={name || text('common.code')}>
        <code>{spans ? spans.map(toSpan) : code}</code>
      </pre>
    </figure>
  )
}

function toSpan(span: CodeSpan, index: number) {
  return span.scope ? (
    <span key={index} className={span.scope}>
      {span.text}
    </span>
  ) : (
    span.text
  )
}

/** Null until the colours are there, or for ever where there are none. */
function useHighlight(code: string, language: string, isOpen: boolean): readonly CodeSpan[] | null {
  const [highlighted, setHighlighted] = useState<{ code: string; spans: readonly CodeSpan[] } | null>(null)
  useEffect(() => {
    if (isOpen || language === '') return undefined
    let isCurrent = true
    const run = async () => {
      const spans = await highlightCode(code, language)
      if (isCurrent && spans) setHighlighted({ code, spans })
    }
    // Colours are an extra: a grammar that cannot be loaded leaves the code plain.
    run().catch(() => undefined)
    return () => {
      isCurrent = false
    }
  }, [code, language, isOpen])
  return highlighted?.code === code ? highlighted.spans : null
}
