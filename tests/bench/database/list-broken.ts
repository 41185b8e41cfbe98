import type { Measured, VolumeReport } from './measure-volume.ts'

const bigTables = ['chat_messages', 'chat_sessions', 'generations']

function readsBigTable({ after }: Measured): boolean {
  return after.scanned.some((table) => bigTables.includes(table))
}

/** Pages touched; a deep page may cost a third more than the first, for a taller index and rows that lie apart. */
function listDearPages(hot: readonly Measured[]): string[] {
  return (['sessions', 'messages'] as const).flatMap((list) => {
    const [first, ...deeper] = hot.filter((each) => each.list === list)
    if (first === undefined || deeper.length === 0) return [`${list}: no pages to compare`]
    return deeper
      .filter((page) => page.after.blocks > first.after.blocks * 1.3 + 20)
      .map((page) => `${page.name} costs more than the first: ${page.after.blocks} pages, not ${first.after.blocks}`)
  })
}

/**
 * What of the promises about the volume does not hold with all indexes, a sentence for each: no statement reads a big
 * table from end to end, pages of lists cost the same at any depth, every promised index is used. Nothing here is a time:
 * pages touched are the same on a busy machine.
 */
export function listBroken({ hot, promised }: Pick<VolumeReport, 'hot' | 'promised'>): string[] {
  return [
    ...[...hot, ...promised].filter(readsBigTable).map(({ name }) => `${name} reads a big table from end to end`),
    ...promised.filter(({ after }) => after.indexes.length === 0).map(({ name }) => `${name} goes by no index`),
    ...listDearPages(hot),
  ]
}
