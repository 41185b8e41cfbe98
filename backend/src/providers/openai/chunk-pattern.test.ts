import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChunkPattern } from './chunk-pattern.ts'

function toChunk(text: string, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({ id: 'c-1', choices: [{ index: 0, delta: { content: text }, finish_reason: null }], ...rest })
}

describe('the pattern of chunks', () => {
  it('reads any text of a chunk that is otherwise like the learnt one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (first, second) => {
        const pattern = createChunkPattern()
        pattern.learn(toChunk(first), first)
        // Not learnt when the same letters stand elsewhere in the chunk first; then nothing is matched, and nothing wrong.
        expect([second, null]).toContain(pattern.match(toChunk(second)))
      }),
    )
    const pattern = createChunkPattern()
    pattern.learn(toChunk('Hello'), 'Hello')
    expect(pattern.match(toChunk('"} 世界\\\n'))).toBe('"} 世界\\\n')
    expect(pattern.match(toChunk(''))).toBe('')
  })

  it('is learnt with blanks between the tokens as well', () => {
    const pattern = createChunkPattern()
    pattern.learn('{"choices": [{"delta": {"content": " a"}}]}', ' a')
    expect(pattern.match('{"choices": [{"delta": {"content": "\\u4e16"}}]}')).toBe('世')
  })

  it('matches nothing that differs anywhere else, or is more than one string', () => {
    const pattern = createChunkPattern()
    pattern.learn(toChunk('Hello'), 'Hello')
    const [head = '', rest = ''] = toChunk('Hello').split('"Hello"')
    expect(pattern.match(`${head}"a"${rest}`)).toBe('a')
    expect(pattern.match(toChunk('a', { id: 'c-2' }))).toBeNull()
    expect(pattern.match(toChunk('a', { usage: { prompt_tokens: 1 } }))).toBeNull()
    expect(pattern.match(`${head}"a","content":"b"${rest}`)).toBeNull()
    expect(pattern.match(`${head}"a\\"${rest}`)).toBeNull()
    expect(pattern.match(`${head}null${rest}`)).toBeNull()
    expect(pattern.match(`${head}{}${rest}`)).toBeNull()
    expect(pattern.match(head + rest)).toBeNull()
    expect(pattern.match(head)).toBeNull()
  })

  it('does not take the same letters in another place for the content', () => {
    const pattern = createChunkPattern()
    pattern.learn(toChunk('c-1'), 'c-1')
    expect(pattern.match(toChunk('a'))).toBeNull()
    expect(pattern.match(toChunk('c-1', { id: 'a' }))).toBeNull()
  })

  it('gives up on a server whose chunks are never alike, and not on one whose chunks are', () => {
    const padded = createChunkPattern()
    for (let n = 0; n < 20; n++) padded.learn(toChunk('a', { padding: n }), 'a')
    expect(padded.match(toChunk('b', { padding: 19 }))).toBeNull()

    const second = createChunkPattern()
    for (let n = 0; n < 20; n++) {
      second.learn(toChunk('Hello', { created: n }), 'Hello')
      expect(second.match(toChunk('b', { created: n }))).toBe('b')
    }
  })
})
