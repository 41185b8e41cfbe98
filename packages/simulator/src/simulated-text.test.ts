import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSimulatedText, toSimulatedTokens } from './simulated-text.ts'
import { toDemoAnswer } from './text/demo-text.ts'
import { createTokenCache } from './text/token-cache.ts'

const seed = fc.nat(0xffff_ffff)
const corpus = fc.constantFrom('words' as const, 'ascii' as const, 'demo' as const)

describe('simulated text', () => {
  test('is the same on every machine', () => {
    expect(toSimulatedText({ seed: 7, tokens: 12 })).toMatchInlineSnapshot(
      `"结果回答 her，𠮷 mountain; music one方法🀄𝄞"`,
    )
  })

  test('is deterministic, and a shorter answer is a prefix of a longer one', () => {
    fc.assert(
      fc.property(seed, corpus, fc.nat(80), fc.nat(80), fc.string(), (value, kind, few, more, prompt) => {
        const short = toSimulatedTokens({ seed: value, tokens: few, corpus: kind, prompt })
        const long = toSimulatedTokens({ seed: value, tokens: few + more, corpus: kind, prompt })
        expect(long.slice(0, few)).toEqual(short)
        expect(toSimulatedTokens({ seed: value, tokens: few, corpus: kind, prompt })).toEqual(short)
      }),
    )
  })

  test('differs between seeds', () => {
    const texts = Array.from({ length: 200 }, (_unused, index) => toSimulatedText({ seed: index, tokens: 20 }))
    expect(new Set(texts).size).toBe(200)
  })

  test('mixes one to four byte characters and holds no Markdown', () => {
    const text = toSimulatedText({ seed: 3, tokens: 2000 })
    const widths = new Set(Array.from(text, (character) => Buffer.byteLength(character)))
    expect([...widths].sort()).toEqual([1, 2, 3, 4])
    expect(text).not.toMatch(/[*_`#<>|[\]~\\$\n\d]/)
    expect(text).toBe(text.trim())
  })

  test('is ASCII when asked', () => {
    const text = toSimulatedText({ seed: 3, tokens: 500, corpus: 'ascii' })
    expect(Buffer.byteLength(text)).toBe(text.length)
  })

  test('is cached without a difference, whatever was asked before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), corpus, fc.nat(30)), { minLength: 1 }), (asked) => {
        const cache = createTokenCache(2)
        for (const [value, kind, tokens] of asked) {
          const wanted = { seed: value, tokens, corpus: kind, prompt: 'hi' }
          expect(cache.list(wanted).slice(0, tokens)).toEqual(toSimulatedTokens(wanted))
        }
      }),
    )
  })
})

describe('the demo answer', () => {
  test('says that it is simulated, quotes the prompt, and shows what can be rendered', () => {
    const answer = toDemoAnswer('Please tell me about [[sim tokens=9]] the harbour', 1)
    expect(answer).toContain('simulated agent')
    expect(answer).toContain('“Please tell me about the harbour”')
    expect(answer).toMatch(/^- /m)
    expect(answer).toContain('|---|---|')
    expect(answer).toContain('```ts\n')
    expect(answer).toContain('$E = mc^2$')
  })

  test('answers Chinese in Chinese, with bold text that ends in Chinese punctuation', () => {
    const answer = toDemoAnswer('请介绍一下你自己', 1)
    expect(answer).toContain('模拟智能体')
    expect(answer).toContain('**重要：**请注意')
  })

  test.each([
    ['show me a table', '### A table', '### Some code'],
    ['show me code', '### Some code', '### A table'],
    ['给我一个表格', '### 表格', '### 代码'],
    ['写一段代码', '### 代码', '### 表格'],
  ])('puts first what is asked for: %s', (prompt, first, later) => {
    const answer = toDemoAnswer(prompt, 1)
    expect(answer.indexOf(first)).toBeGreaterThan(0)
    expect(answer.indexOf(first)).toBeLessThan(answer.indexOf(later))
  })

  test('streams in small pieces', () => {
    const tokens = toSimulatedTokens({ seed: 1, tokens: 10_000, corpus: 'demo', prompt: 'hi' })
    expect(tokens.join('')).toBe(toDemoAnswer('hi', 1))
    expect(Math.max(...tokens.map((token) => token.length))).toBeLessThanOrEqual(9)
  })
})
