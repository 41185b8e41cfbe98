const fenceOpener = /^(?:[ \t>]|[-*+] |\d{1,9}[.)] )*(`{3,}(?=[^`]*$)|~{3,})/
const delimiterRow = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/

/**
 * Completes what the end of a streaming text has only begun, so that it is drawn as its final block from its first
 * token and never jumps: a code fence, a table, bold text, inline code. Display only; the text itself stays as it is.
 */
export function mendTail(tail: string): string {
  const lines = tail.split('\n')
  const last = lines.at(-1) ?? ''
  const fence = findOpenFence(lines)
  if (fence) return mendFence(lines, fence)
  // One or two marks at the start of a line are most likely a fence that is arriving.
  if (/^[ \t>]*(?:`{1,2}|~{1,2})$/.test(last)) return lines.slice(0, -1).join('\n')
  const table = mendTable(lines)
  if (table) return table
  if (last.trimStart().startsWith('|')) return tail
  return [...lines.slice(0, -1), closeInline(last)].join('\n')
}

interface Fence {
  index: number
  marker: string
}

function findOpenFence(lines: readonly string[]): Fence | null {
  let fence: Fence | null = null
  for (const [index, line] of lines.entries()) {
    if (fence) {
      const closing = line.replace(/^[ \t>]+/, '').trimEnd()
      if (closing.length >= fence.marker.length && isOnly(closing, fence.marker.charAt(0))) fence = null
    } else {
      const marker = fenceOpener.exec(line)?.[1]
      if (marker) fence = { index, marker }
    }
  }
  return fence
}

/** Without its line break a fence would not interrupt a paragraph; a half closing fence is not part of the code. */
function mendFence(lines: readonly string[], fence: Fence): string {
  if (fence.index === lines.length - 1) return `${lines.join('\n')}\n`
  const last = (lines.at(-1) ?? '').trim()
  const isClosing = last !== '' && isOnly(last, fence.marker.charAt(0))
  return (isClosing ? lines.slice(0, -1) : lines).join('\n')
}

/** A header row ends the text, or stands before its last line, and its delimiter row is not complete: both are completed. */
function mendTable(lines: readonly string[]): string | null {
  const isDelimiterNext = isRow(lines.at(-2))
  const headerIndex = lines.length - (isDelimiterNext ? 2 : 1)
  const header = lines[headerIndex]?.trim() ?? ''
  if (!isRow(header) || isRow(lines[headerIndex - 1])) return null
  const columns = countColumns(header)
  if (isDelimiterNext && !isHalfDelimiter(lines.at(-1) ?? '', columns)) return null
  const isHeaderClosed = /^\|.*(?<!\\)\|$/.test(header)
  const mendedHeader = isHeaderClosed ? header : `${header} |`
  return [...lines.slice(0, headerIndex), mendedHeader, `|${' --- |'.repeat(columns)}`].join('\n')
}

function isRow(line: string | undefined): boolean {
  return line?.trimStart().startsWith('|') === true
}

/** May still become the delimiter row of a header with that many columns, but is not yet. */
function isHalfDelimiter(line: string, columns: number): boolean {
  if (!/^[\s|:-]*$/.test(line)) return false
  return !delimiterRow.test(line) || countColumns(line.trim()) !== columns
}

function countColumns(row: string): number {
  const inner = row.replace(/^\|/, '').replace(/\|$/, '')
  return inner.replace(/\\\|/g, '').split('|').length
}

function closeInline(line: string): string {
  const ticks = line.split('`').length - 1
  if (ticks % 2 === 1) return line.endsWith('`') ? line.slice(0, -1) : `${line}\``
  const stars = line.replace(/`[^`]*`/g, '').split('**').length - 1
  if (stars % 2 === 0) return line
  const text = line.trimEnd()
  if (text.endsWith('**')) return text.slice(0, -2).trimEnd()
  return text.endsWith('*') ? `${text}*` : `${text}**`
}

function isOnly(text: string, character: string): boolean {
  return text === character.repeat(text.length)
}
