const maxColumns = 60

/**
 * A chat's title from its first message: the first line with words, without its Markdown marks, at most 60 columns
 * (a Chinese, Japanese or Korean character and an emoji count two). Pure; a character is never cut in half.
 */
export function toTitle(text: string): string {
  for (const line of text.split(/\r?\n/)) {
    const plain = toPlainLine(line)
    if (plain) return cutToColumns(plain)
  }
  return ''
}

function toPlainLine(line: string): string {
  if (/^\s*(```|~~~)/.test(line)) return ''
  return line
    .replace(/^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+|\d{1,9}[.)]\s+)?/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|~~|`+)/g, '')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function cutToColumns(text: string): string {
  const graphemes = [...new Intl.Segmenter().segment(text)].map((item) => item.segment)
  let columns = 0
  let cut = ''
  for (const grapheme of graphemes) {
    columns += toColumns(grapheme)
    if (columns > maxColumns) return withEllipsis(cut)
    cut += grapheme
  }
  return cut
}

/** The ellipsis takes the last column that is free, or the place of the last character. */
function withEllipsis(cut: string): string {
  const graphemes = [...new Intl.Segmenter().segment(cut)].map((item) => item.segment)
  let columns = graphemes.reduce((sum, grapheme) => sum + toColumns(grapheme), 0)
  while (columns > maxColumns - 1) columns -= toColumns(graphemes.pop() ?? '')
  return `${graphemes.join('').trimEnd()}…`
}

const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60]/u

function toColumns(grapheme: string): number {
  return wide.test(grapheme) ? 2 : 1
}
