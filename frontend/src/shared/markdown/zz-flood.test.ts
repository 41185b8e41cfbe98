import { it } from 'vitest'
import { Lexer } from '/work/main/node_modules/marked/lib/marked.esm.js'
import { lexBlocks } from '/work/main/frontend/src/shared/markdown/lex-blocks.ts'
it('x', () => {
  for (const piece of ['**', '**重 ', '*重', '重**（', '**“', '**a ', '*a', 'a**(', '$a ', '见$', '`重', 'https://a.b，', '重：**', '\\(', '\n$$', '$$a\n', '| a |\n', '[a', '95%**的']) {
    const t = (f: () => void) => { let m = 1e9; for (let i = 0; i < 3; i++) { const s = performance.now(); f(); m = Math.min(m, performance.now() - s) } return m.toFixed(0) }
    console.log(JSON.stringify(piece), ...[1000, 2000, 4000, 8000, 16000].map((n) => t(() => lexBlocks(piece.repeat(n), false))), ' stock', ...[4000, 8000, 16000].map((n) => t(() => { try { new Lexer({ gfm: true }).lex(piece.repeat(n)) } catch {} })))
  }
})
