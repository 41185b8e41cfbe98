import type { EmitPart } from '../decode-events.ts'

const openTag = '<think>'
const closeTag = '</think>'

/** The length of the longest end of `text` that may be the beginning of `tag`. */
function countHeldBack(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (tag.startsWith(text.slice(-length))) return length
  }
  return 0
}

/**
 * Parts `<think>…</think>` at the beginning of an answer from its text, wherever the tags are cut. Only there: later on the
 * tag is something the answer talks about. `startsWithReasoning`: the model's template has opened the tag already.
 */
export function createThinkSplitter(options: { startsWithReasoning: boolean }) {
  let state: 'start' | 'thinking' | 'after' | 'text' = options.startsWithReasoning ? 'thinking' : 'start'
  let held = ''

  function readStart(text: string, emit: EmitPart): void {
    const trimmed = text.trimStart()
    if (trimmed.startsWith(openTag)) {
      state = 'thinking'
      readThinking(trimmed.slice(openTag.length), emit)
    } else if (openTag.startsWith(trimmed)) {
      held = text
    } else {
      state = 'text'
      emit({ type: 'text', delta: text })
    }
  }

  function readThinking(text: string, emit: EmitPart): void {
    const at = text.indexOf(closeTag)
    if (at === -1) {
      const heldBack = countHeldBack(text, closeTag)
      held = text.slice(text.length - heldBack)
      emit({ type: 'reasoning', delta: text.slice(0, text.length - heldBack) })
      return
    }
    emit({ type: 'reasoning', delta: text.slice(0, at) })
    state = 'after'
    readAfter(text.slice(at + closeTag.length), emit)
  }

  /** The blank lines between thoughts and answer belong to neither. */
  function readAfter(text: string, emit: EmitPart): void {
    const trimmed = text.trimStart()
    if (trimmed === '') return
    state = 'text'
    emit({ type: 'text', delta: trimmed })
  }

  return {
    push(delta: string, emit: EmitPart): void {
      if (state === 'text') {
        emit({ type: 'text', delta })
        return
      }
      const text = held + delta
      held = ''
      if (state === 'start') readStart(text, emit)
      else if (state === 'thinking') readThinking(text, emit)
      else readAfter(text, emit)
    },
    /** Gives out what was held back as a possible tag. */
    end(emit: EmitPart): void {
      const text = held
      held = ''
      emit({ type: state === 'thinking' ? 'reasoning' : 'text', delta: text })
    },
  }
}
