import { setupI18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { zhCatalogue } from '../i18n/catalogue/zh-catalogue.ts'
import { compileCatalogue } from '../i18n/compile-message.ts'
import { lexBlocks } from './lex-blocks.ts'
import { Markdown } from './Markdown.tsx'

const i18n = setupI18n({ locale: 'zh', messages: { zh: compileCatalogue(zhCatalogue) } })

function render(text: string, isStreaming = false): string {
  const html = renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <Markdown text={text} isStreaming={isStreaming} />
    </I18nProvider>,
  )
  return html.replace(/^<div class="prose"(?: data-streaming="true")?>/, '').replace(/<\/div>$/, '')
}

describe('what an answer must not do to its reader', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    'a <a href="javascript:alert(1)">b</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
    '```html"><img src=x onerror=alert(1)>\ncode\n```',
    '<math><mi><style><img src=x onerror=alert(1)></style></mi></math>',
    '- <details open ontoggle=alert(1)>\n  x',
    '&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;',
  ])('shows HTML as text: %s', (payload) => {
    expect(render(payload)).not.toMatch(/<(?:script|img|svg\/|iframe|math|details|style|a )/i)
  })

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](<java\tscript:alert(1)>)',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:msgbox(1))',
    '<javascript:alert(1)>',
    '[x][y]\n\n[y]: javascript:alert(1)',
    '![x](javascript:alert(1))',
    '[x](//evil.example)',
    '[x](/api/auth/logout)',
    '[x](blob:https://chat.example/1)',
  ])('makes no link of %s', (payload) => {
    expect(render(payload)).not.toContain('href')
  })

  it('loads no image by itself', () => {
    const html = render('![chart](https://evil.example/track.png "t")')
    expect(html).not.toContain('<img')
    expect(html).toContain(
      '<a href="https://evil.example/track.png" target="_blank" rel="noopener noreferrer nofollow">',
    )
  })
})

describe('links', () => {
  it('opens a web address in a new tab without telling it about us', () => {
    expect(render('[site](https://a.example/?a=1&amp;b=2)')).toBe(
      '<p><a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">site</a></p>',
    )
  })

  it('ends a bare address at Chinese punctuation', () => {
    expect(render('见 https://a.example/x，然后')).toContain('>https://a.example/x</a>，然后')
  })
})

describe('emphasis beside Chinese', () => {
  it.each([
    ['**重要：**请注意', '<strong>重要：</strong>请注意'],
    ['**“引号”**后', '<strong>“引号”</strong>后'],
    ['前**“引号”**后', '前<strong>“引号”</strong>后'],
    ['增长**95%**的', '增长<strong>95%</strong>的'],
    ['**(一)**第一', '<strong>(一)</strong>第一'],
    ['**重要:**请注意', '<strong>重要:</strong>请注意'],
    ['这是**《书名》**吗', '这是<strong>《书名》</strong>吗'],
    ['**a。**b', '<strong>a。</strong>b'],
    ['*强调。*后面', '<em>强调。</em>后面'],
    ['**一：**二，**三：**四', '<strong>一：</strong>二，<strong>三：</strong>四'],
    ['**`code`**后', '<strong><code>code</code></strong>后'],
    ['日本語**「太字」**です', '日本語<strong>「太字」</strong>です'],
    ['***粗斜：***后', '<em><strong>粗斜：</strong></em>后'],
    ['公式 **$a*b$ 结束**。', '公式 <strong><span class="md-math">a*b</span> 结束</strong>。'],
  ])('%s', (source, html) => {
    expect(render(source)).toBe(`<p>${html}</p>`)
  })

  it.each([
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['a**"b"**c', 'a**&quot;b&quot;**c'],
    ['snake_case_name', 'snake_case_name'],
    ['a **b** c', 'a <strong>b</strong> c'],
  ])('leaves Latin text as CommonMark has it: %s', (source, html) => {
    expect(render(source)).toBe(`<p>${html}</p>`)
  })

  it.each(['**', '**重 ', '*重', '重**（', '**“', '95%**的', 'https://a.example，'])(
    'is done with a flood of %s in linear time',
    (piece) => {
      // The better of two: what else the machine does only ever adds.
      const timeFlood = (count: number) => {
        const times = [1, 2].map(() => {
          const start = performance.now()
          lexBlocks(piece.repeat(count), false)
          return performance.now() - start
        })
        return Math.min(...times)
      }
      // Quadratic cost would be 64 times as much for 8 times the length; the floor is for times too short to compare.
      expect(timeFlood(32_000)).toBeLessThan(Math.max(600, timeFlood(4000) * 24))
    },
  )
})

describe('blocks', () => {
  it('draws a table in a region of its own, aligned as asked', () => {
    const html = render('| a | b |\n|---|--:|\n| x<br>y | 1 |')
    expect(html).toContain('<div class="tbl-wrap" tabindex="0" role="region" aria-label="表格">')
    expect(html).toContain('<th scope="col" class="n">b</th>')
    expect(html).toContain('<td>x<br/>y</td>')
  })

  it('draws task lists', () => {
    const html = render('- [x] one\n- [ ] two')
    expect(html).toMatch(/<input[^>]* checked=""/)
    expect(html).toContain('aria-label="未完成"')
  })

  it('begins headings below those of the page', () => {
    expect(render('# a\n\n### b')).toBe('<h3>a</h3><h4>b</h4>')
  })

  it('names a fence and keeps its text', () => {
    const html = render('```ts\nconst a = 1 < 2\n```')
    expect(html).toContain('<figcaption>ts<button')
    expect(html).toContain('<code>const a = 1 &lt; 2</code>')
  })

  it('keeps single line breaks', () => {
    expect(render('一\n二')).toBe('<p>一<br/>二</p>')
  })

  it('tells formulas from prices', () => {
    expect(render('$5 and $10, but $x^2$')).toBe('<p>$5 and $10, but <span class="md-math">x^2</span></p>')
    expect(render('a\n$$\nx\n$$\nb')).toBe('<p>a</p><span class="math">x</span><p>b</p>')
    expect(render('\\(a\\) and\n\\[\nb\n\\]')).toBe(
      '<p><span class="md-math">a</span> and</p><span class="math">b</span>',
    )
  })

  it('decodes named character references once', () => {
    expect(render('a &lt;b&gt; &amp;amp; &nope;')).toBe('<p>a &lt;b&gt; &amp;amp; &amp;nope;</p>')
  })
})

describe('the end of a stream', () => {
  it.each([
    ['text\n```', '<figure class="code">'],
    ['text\n```ts', '<figcaption>ts'],
    ['```ts\na\n``', '<code>a</code>'],
    ['| a', '<th scope="col">a</th>'],
    ['| a | b |\n', '<th scope="col">b</th>'],
    ['| a | b |\n|-', '<th scope="col">b</th>'],
    ['| a | b |\n| --- | --', '<th scope="col">b</th>'],
    ['text\n$$\nx', '<span class="math">x</span>'],
    ['some **bold', '<strong>bold</strong>'],
    ['some **bold*', '<strong>bold</strong>'],
    ['some `code', '<code>code</code>'],
  ])('is drawn as what it is going to be: %j', (source, html) => {
    expect(render(source, true)).toContain(html)
  })

  it('hides marks that have only begun', () => {
    expect(render('text\n``', true)).toBe('<p>text</p>')
    expect(render('text **', true)).toBe('<p>text</p>')
  })

  it('is taken literally once the stream has ended', () => {
    expect(render('| a | b |\n|-')).toBe('<p>| a | b |<br/>|-</p>')
    expect(render('some **bold')).toBe('<p>some **bold</p>')
    expect(render('$$ is **money**')).toBe('<p>$$ is <strong>money</strong></p>')
  })
})
