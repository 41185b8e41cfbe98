import { isRecord, parseJson, toRecord } from '../lenient-json.ts'

/**
 * Most chunks of an answer are the one before with another text. What stands around the text is then compared, and only the
 * text is parsed: any JSON string between the same bytes makes the same object with that string in it.
 */
export interface ChunkPattern {
  /** The text of a chunk that is otherwise like the learnt one; null when it has to be read in full. */
  match(data: string): string | null
  /** `data` was read in full and told nothing but `text`, in `choices[0].delta.content`. */
  learn(data: string, text: string): void
}

/** Servers that put something new into every chunk (a padding, a count) are not worth learning again and again. */
const maxLearntInVain = 4

/** A JSON string without escapes is its own text (RFC 8259 §7); asking for that costs a fraction of parsing it. */
const plainString = /^"[^"\\\u0000-\u001f]*"$/

export function createChunkPattern(): ChunkPattern {
  let before = ''
  let after = ''
  let learntInVain = 0

  return {
    match(data) {
      if (before === '' || data.length < before.length + after.length) return null
      if (!data.startsWith(before) || !data.endsWith(after)) return null
      const written = data.slice(before.length, data.length - after.length)
      const text = plainString.test(written) ? written.slice(1, -1) : parseJson(written)
      if (typeof text !== 'string') return null
      learntInVain = 0
      return text
    },
    learn(data, text) {
      if (learntInVain === maxLearntInVain) return
      learntInVain++
      const written = JSON.stringify(text)
      const start = data.indexOf(written)
      if (start === -1) return
      const head = data.slice(0, start)
      const rest = data.slice(start + written.length)
      if (!isContent(head, rest, text)) return
      before = head
      after = rest
    },
  }
}

/** Whether what stands between the two is the content, and not the same letters in another place. */
function isContent(head: string, rest: string, text: string): boolean {
  const probe = `${text}.`
  const chunk = toRecord(parseJson(`${head}${JSON.stringify(probe)}${rest}`))
  const choices = chunk['choices']
  if (!Array.isArray(choices) || choices.length !== 1) return false
  const choice: unknown = choices[0]
  return isRecord(choice) && toRecord(choice['delta'])['content'] === probe
}
