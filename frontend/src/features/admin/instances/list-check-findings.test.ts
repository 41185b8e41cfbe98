import { expect, it } from 'vitest'
import { listCheckFindings } from './list-check-findings.ts'

it('names plain values, and things of a list with their health', () => {
  expect(listCheckFindings({ queueAgeMs: 3 })).toEqual([{ name: 'queueAgeMs', value: '3' }])
  expect(listCheckFindings({ agents: [{ id: 'general', health: 'slow', firstContentMs: 900 }] })).toEqual([
    { name: 'general', value: 'slow' },
  ])
})

it('shows what it does not know as it is', () => {
  expect(listCheckFindings({})).toEqual([])
  expect(listCheckFindings({ list: [1, { a: 2 }, { id: 'x', b: 3 }], more: { c: 4 } })).toEqual([
    { name: 'list[0]', value: '1' },
    { name: 'list[1]', value: '{"a":2}' },
    { name: 'x', value: '{"b":3}' },
    { name: 'more', value: '{"c":4}' },
  ])
})
