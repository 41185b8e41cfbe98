/** One dispatched block of an event stream. `id`: only when this block names one. `retryMs`: the server's reconnect hint. */
export interface EventStreamBlock {
  id: string | null
  data: string
  retryMs: number | null
}

export interface EventStreamDecoder {
  /** Takes the next piece of decoded text, cut anywhere, and gives the blocks it completed. */
  push: (text: string) => EventStreamBlock[]
}

/**
 * The line rules of WHATWG "Server-sent events": lines end with LF, CR or CRLF, comments are skipped, several data lines
 * join with LF. A block cut off by the end of the stream is never dispatched: the resume brings it again, whole.
 */
export function createEventStreamDecoder(): EventStreamDecoder {
  let rest = ''
  let isAfterCarriageReturn = false
  let block = emptyBlock()

  function takeLine(line: string, blocks: EventStreamBlock[]): void {
    if (line !== '') {
      takeField(block, line)
      return
    }
    if (block.lines.length > 0 || block.retryMs !== null) {
      blocks.push({ id: block.id, data: block.lines.join('\n'), retryMs: block.retryMs })
    }
    block = emptyBlock()
  }

  return {
    push(text) {
      const blocks: EventStreamBlock[] = []
      // The LF of a CRLF that was cut in two belongs to the line that its CR has ended already.
      rest += isAfterCarriageReturn && text.startsWith('\n') ? text.slice(1) : text
      if (text !== '') isAfterCarriageReturn = text.endsWith('\r')
      let start = 0
      for (const { index, 0: lineEnd } of rest.matchAll(/\r\n|\r|\n/g)) {
        takeLine(rest.slice(start, index), blocks)
        start = index + lineEnd.length
      }
      rest = rest.slice(start)
      return blocks
    },
  }
}

interface OpenBlock {
  id: string | null
  lines: string[]
  retryMs: number | null
}

function emptyBlock(): OpenBlock {
  return { id: null, lines: [], retryMs: null }
}

function takeField(block: OpenBlock, line: string): void {
  const colon = line.indexOf(':')
  if (colon === 0) return
  const name = colon === -1 ? line : line.slice(0, colon)
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (name === 'data') block.lines.push(value)
  if (name === 'id') block.id = value
  if (name === 'retry' && /^\d{1,9}$/.test(value)) block.retryMs = Number(value)
}
