import { expect, test } from 'vitest'
import { toGroupNames, toRole } from './map-directory-values.ts'

const mapping = { staff: 'member', boss: 'admin', night: 'operator' } as const

test('the highest role counts; nothing that is mapped makes a member', () => {
  expect(toRole(['staff', 'night', 'boss'], mapping)).toBe('admin')
  expect(toRole(['night', 'staff'], mapping)).toBe('operator')
  expect(toRole(['constructor', '__proto__', 'BOSS'], mapping)).toBe('member')
  expect(toRole(['boss'], null)).toBeNull()
})

test('groups go by their own names, or by the mapping alone', () => {
  expect(toGroupNames([' Legal ', 'Legal', '', 'x'.repeat(121)], null)).toEqual(['Legal'])
  expect(toGroupNames(['id-1', 'id-2', 'toString'], { 'id-1': 'Legal' })).toEqual(['Legal'])
})
