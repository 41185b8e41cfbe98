const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', ensp: '\u2002', emsp: '\u2003' },
  ...{ copy: '©', reg: '®', trade: '™', deg: '°', plusmn: '±', times: '×', divide: '÷', middot: '·', bull: '•' },
  ...{ hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»' },
  ...{ larr: '←', uarr: '↑', rarr: '→', darr: '↓', le: '≤', ge: '≥', ne: '≠', asymp: '≈', infin: '∞', euro: '€' },
}

/**
 * Named character references as characters; marked leaves them to the HTML it would write (numeric ones it decodes).
 * The full list of HTML has 2,231 names; unknown ones stay as written.
 */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(\w{2,8});/g, (reference, name: string) =>
    Object.hasOwn(named, name) ? (named[name] ?? reference) : reference,
  )
}
