import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBlockLexer } from './create-block-lexer.ts'
import { lexBlocks } from './lex-blocks.ts'

const lines = fc.constantFrom(
  ...['', '', '', 'text', '文字：**重要：**请注意', '# heading', '#', '===', '---', '- item', '- [ ] task', '  nested'],
  ...[
    '1. one',
    '> quote',
    '> - deep',
    '```js',
    '```',
    '~~~',
    '| a | b |',
    '|---|:-:|',
    '| 1 | 2 |',
    '    indented',
    '* * *',
  ],
  ...[
    '$$',
    'x^2 + y',
    '+ b',
    '$$ a $$',
    'price $5 and $x$',
    '\\[',
    '\\]',
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '[a]: https://a.example',
  ],
  ...['[a]', '![i](https://i.example/a.png)', '`code', '**bold', '*', '_a_', '\t- tab', 'a\\', '  ', '<b>x</b>'],
)
const documents = fc.array(lines, { maxLength: 14 }).map((all) => all.join('\n'))

describe('createBlockLexer', () => {
  it('gives for any chunking what lexing the whole gives', () => {
    fc.assert(
      fc.property(documents, fc.array(fc.nat(12), { maxLength: 60 }), (document, sizes) => {
        const lex = createBlockLexer()
        for (let end = 0, step = 0; end < document.length; step++) {
          end += (sizes[step] ?? 3) + 1
          lex(document.slice(0, end), true)
        }
        expect(lex(document, false)).toEqual(lexBlocks(document, false))
      }),
      { numRuns: 400 },
    )
  })

  it('gives at every step of a stream what a fresh lexer gives for that text', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const lex = createBlockLexer()
        for (let end = 1; end <= document.length; end++) {
          const part = document.slice(0, end)
          expect(lex(part, true)).toEqual(createBlockLexer()(part, true))
        }
      }),
      { numRuns: 40, examples: [['===\n*\n|---|:-:|']] },
    )
  })

  it('keeps the identity of complete blocks', () => {
    const lex = createBlockLexer()
    const before = lex('# one\n\ntwo\n\nthree\n\nfo', true)
    const after = lex('# one\n\ntwo\n\nthree\n\nfour and more', true)
    expect(after.slice(0, -1).every((token, index) => token === before[index])).toBe(true)
    expect(after.at(-1)).not.toBe(before.at(-1))
  })

  it('starts over when the text is another one', () => {
    const lex = createBlockLexer()
    lex('# one\n\ntwo\n\nthree\n\nfour', true)
    expect(lex('# other', false)).toEqual(lexBlocks('# other', false))
  })

  it('survives thousands of nested quotes', () => {
    expect(lexBlocks('>'.repeat(8_000), false)).toHaveLength(1)
  })
})
