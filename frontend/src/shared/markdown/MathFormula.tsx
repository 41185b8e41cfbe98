import type katexModule from 'katex'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'

interface MathFormulaProps {
  tex: string
  isDisplay: boolean
  /** Its end has not been written yet: its place and its source are shown. */
  isOpen?: boolean
}

type Katex = typeof katexModule

/** A formula as MathML, which the browser draws without fonts or styles of ours. Its source until KaTeX is there. */
export function MathFormula({ tex, isDisplay, isOpen = false }: MathFormulaProps) {
  const katex = useKatex(isOpen)
  const content = katex && !isOpen ? <Drawn key={tex} katex={katex} tex={tex} isDisplay={isDisplay} /> : tex.trim()
  return <span className={isDisplay ? 'math' : 'md-math'}>{content}</span>
}

/** KaTeX builds the nodes itself, through the DOM and not from HTML; React never looks inside. */
function Drawn({ katex, tex, isDisplay }: { katex: Katex; tex: string; isDisplay: boolean }) {
  const ref = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const node = ref.current
    if (!node) return
    try {
      katex.render(tex, node, toOptions(isDisplay))
    } catch {
      // Nested too deeply for KaTeX. Faulty TeX does not come here: KaTeX shows its source.
      node.textContent = tex
    }
  }, [katex, tex, isDisplay])
  return <span ref={ref} />
}

/** `trust: false` forbids links, images and HTML; `maxExpand` ends macros that call themselves. */
function toOptions(isDisplay: boolean) {
  return {
    displayMode: isDisplay,
    output: 'mathml',
    trust: false,
    maxExpand: 500,
    maxSize: 50,
    strict: 'ignore',
    throwOnError: false,
    errorColor: 'currentColor',
  } as const
}

function useKatex(isOpen: boolean): Katex | null {
  const [katex, setKatex] = useState<{ value: Katex } | null>(null)
  useEffect(() => {
    if (isOpen) return undefined
    let isCurrent = true
    const load = async () => {
      const { default: value } = await import('katex')
      if (isCurrent) setKatex({ value })
    }
    // Without KaTeX the source stays readable.
    load().catch(() => undefined)
    return () => {
      isCurrent = false
    }
  }, [isOpen])
  return katex?.value ?? null
}
