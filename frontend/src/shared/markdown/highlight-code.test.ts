import { describe, expect, it } from 'vitest'
import { highlightCode, toSpans } from './highlight-code.ts'

describe('highlightCode', () => {
  it('colours without changing a character', async () => {
    const code = 'const a = "<b>&amp;" // \'x\''
    const spans = await highlightCode(code, 'ts')
    expect(spans?.map((span) => span.text).join('')).toBe(code)
    expect(spans?.find((span) => span.text === 'const')?.scope).toBe('hljs-keyword')
  })

  it('knows nothing of a language nobody named', async () => {
    expect(await highlightCode('x', 'constructor')).toBeNull()
    expect(await highlightCode('x', 'brainfuck')).toBeNull()
  })

  it('takes the innermost scope', () => {
    expect(toSpans('<span class="a">x<span class="b">y</span>z</span>w')).toEqual([
      { text: 'x', scope: 'a' },
      { text: 'y', scope: 'b' },
      { text: 'z', scope: 'a' },
      { text: 'w', scope: '' },
    ])
  })
})
