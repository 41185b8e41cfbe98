import { lazy, Suspense } from 'react'

const Markdown = lazy(async () => ({ default: (await import('../../../shared/markdown/Markdown.tsx')).Markdown }))

/** An agent's words. Until the renderer has arrived they stand there as they came. */
export function AnswerText({ text, isStreaming = false }: { text: string; isStreaming?: boolean }) {
  return (
    <Suspense fallback={<div className="prose plain">{text}</div>}>
      <Markdown text={text} isStreaming={isStreaming} />
    </Suspense>
  )
}
