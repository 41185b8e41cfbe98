import { states, type Chapter } from './read-chapter.ts'

export const marks = { begin: '<!-- counts: begin -->', end: '<!-- counts: end -->' }

/** What stands between the marks of the audit page: counts by chapter, and each requirement that is not met. */
export function toAuditTables(chapters: readonly Chapter[]): string {
  const count = (all: readonly Chapter[], state: string): number =>
    all.flatMap(({ requirements }) => requirements).filter((one) => one.state === state).length
  const toLine = (name: string, all: readonly Chapter[]): string =>
    `| ${[name, String(all.flatMap((one) => one.requirements).length), ...states.map((state) => String(count(all, state)))].join(' | ')} |`
  const open = chapters.flatMap(({ requirements }) => requirements.filter(({ state }) => state === 'not met'))
  return [
    `| chapter | requirements | ${states.join(' | ')} |`,
    '| --- | --: | --: | --: | --: |',
    ...chapters.map((chapter) => toLine(chapter.title, [chapter])),
    toLine('**all**', chapters),
    '',
    '### Not met',
    '',
    ...open.map(({ id, level, asks, proof }) => `- **${id}** (level ${level}) ${asks} ${proof}`),
    '',
  ].join('\n')
}

/** The page with its tables as the chapters say. Errors: a page without the marks. */
export function replaceAuditTables(page: string, tables: string): string {
  const begin = page.indexOf(marks.begin)
  const end = page.indexOf(marks.end)
  if (begin < 0 || end < begin) throw new Error('the page has no marks for the tables')
  return `${page.slice(0, begin + marks.begin.length)}\n\n${tables}\n${page.slice(end)}`
}
