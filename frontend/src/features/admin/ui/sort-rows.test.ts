import { expect, it } from 'vitest'
import { sortRows } from './sort-rows.ts'

const toValue = (value: string | number | null) => value

it('orders numbers by size and words by their language, numbers inside words included', () => {
  expect(sortRows([10, 9, 100], toValue, 'ascending', 'en')).toEqual([9, 10, 100])
  expect(sortRows(['b', 'A', 'a10', 'a9'], toValue, 'ascending', 'en')).toEqual(['A', 'a9', 'a10', 'b'])
  expect(sortRows(['运维', '财务', '安全'], toValue, 'ascending', 'zh-CN')).toEqual(['安全', '财务', '运维'])
})

it('leaves what has no value at the end, whichever way it is sorted', () => {
  expect(sortRows([null, 2, 1], toValue, 'ascending', 'en')).toEqual([1, 2, null])
  expect(sortRows([null, 2, 1], toValue, 'descending', 'en')).toEqual([2, 1, null])
})

it('changes neither the list nor the order of equals', () => {
  const rows = [
    { name: 'x', at: 1 },
    { name: 'y', at: 1 },
    { name: 'z', at: 0 },
  ]
  expect(sortRows(rows, ({ at }) => at, 'descending', 'en').map(({ name }) => name)).toEqual(['x', 'y', 'z'])
  expect(rows.map(({ name }) => name)).toEqual(['x', 'y', 'z'])
})
