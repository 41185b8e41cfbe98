/** Level 1 or 2 of the standard. Level 3 is not claimed and not listed. */
export type Level = 1 | 2

interface Section {
  name: string
  /** The last number of each id, by its level. */
  numbers: Record<Level, readonly number[]>
}

function createSection(name: string, first: readonly number[], second: readonly number[]): Section {
  return { name, numbers: { 1: first, 2: second } }
}

/** OWASP ASVS 5.0.0, every requirement of levels 1 and 2, by section. Ids and levels only: the text is its authors'. */
const sections: readonly Section[] = [
  createSection('1.1', [], [1, 2]),
  createSection('1.2', [1, 2, 3, 4, 5], [6, 7, 8, 9]),
  createSection('1.3', [1, 2], [3, 4, 5, 6, 7, 8, 9, 10, 11]),
  createSection('1.4', [], [1, 2, 3]),
  createSection('1.5', [1], [2]),
  createSection('2.1', [1], [2, 3]),
  createSection('2.2', [1, 2], [3]),
  createSection('2.3', [1], [2, 3, 4]),
  createSection('2.4', [], [1]),
  createSection('3.2', [1, 2], []),
  createSection('3.3', [1], [2, 3, 4]),
  createSection('3.4', [1, 2], [3, 4, 5, 6]),
  createSection('3.5', [1, 2, 3], [4, 5]),
  createSection('3.7', [], [1, 2]),
  createSection('4.1', [1], [2, 3]),
  createSection('4.2', [], [1]),
  createSection('4.3', [], [1, 2]),
  createSection('4.4', [1], [2, 3, 4]),
  createSection('5.1', [], [1]),
  createSection('5.2', [1, 2], [3]),
  createSection('5.3', [1, 2], []),
  createSection('5.4', [], [1, 2, 3]),
  createSection('6.1', [1], [2, 3]),
  createSection('6.2', [1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12]),
  createSection('6.3', [1, 2], [3, 4]),
  createSection('6.4', [1, 2], [3, 4]),
  createSection('6.5', [], [1, 2, 3, 4, 5]),
  createSection('6.6', [], [1, 2, 3]),
  createSection('6.8', [], [1, 2, 3, 4]),
  createSection('7.1', [], [1, 2, 3]),
  createSection('7.2', [1, 2, 3, 4], []),
  createSection('7.3', [], [1, 2]),
  createSection('7.4', [1, 2], [3, 4, 5]),
  createSection('7.5', [], [1, 2]),
  createSection('7.6', [], [1, 2]),
  createSection('8.1', [1], [2]),
  createSection('8.2', [1, 2], [3]),
  createSection('8.3', [1], []),
  createSection('8.4', [], [1]),
  createSection('9.1', [1, 2, 3], []),
  createSection('9.2', [1], [2, 3, 4]),
  createSection('10.1', [], [1, 2]),
  createSection('10.2', [], [1, 2]),
  createSection('10.3', [], [1, 2, 3, 4]),
  createSection('10.4', [1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]),
  createSection('10.5', [], [1, 2, 3, 4, 5]),
  createSection('10.6', [], [1, 2]),
  createSection('10.7', [], [1, 2, 3]),
  createSection('11.1', [], [1, 2]),
  createSection('11.2', [], [1, 2, 3]),
  createSection('11.3', [1, 2], [3]),
  createSection('11.4', [1], [2, 3, 4]),
  createSection('11.5', [], [1]),
  createSection('11.6', [], [1]),
  createSection('12.1', [1], [2, 3]),
  createSection('12.2', [1, 2], []),
  createSection('12.3', [], [1, 2, 3, 4]),
  createSection('13.1', [], [1]),
  createSection('13.2', [], [1, 2, 3, 4, 5]),
  createSection('13.3', [], [1, 2]),
  createSection('13.4', [1], [2, 3, 4, 5]),
  createSection('14.1', [], [1, 2]),
  createSection('14.2', [1], [2, 3, 4]),
  createSection('14.3', [1], [2, 3]),
  createSection('15.1', [1], [2, 3]),
  createSection('15.2', [1], [2, 3]),
  createSection('15.3', [1], [2, 3, 4, 5, 6, 7]),
  createSection('16.1', [], [1]),
  createSection('16.2', [], [1, 2, 3, 4, 5]),
  createSection('16.3', [], [1, 2, 3, 4]),
  createSection('16.4', [], [1, 2, 3]),
  createSection('16.5', [], [1, 2, 3]),
  createSection('17.1', [], [1]),
  createSection('17.2', [], [1, 2, 3, 4]),
  createSection('17.3', [], [1, 2]),
]

/** Id (`V1.2.3`) → level. */
export const requirementLevels: ReadonlyMap<string, Level> = new Map(
  sections.flatMap(({ name, numbers }) =>
    ([1, 2] as const).flatMap((level) =>
      numbers[level].map((number): [string, Level] => [`V${name}.${String(number)}`, level]),
    ),
  ),
)

export const chapterNumbers = Array.from({ length: 17 }, (_, index) => index + 1)
