import { expect, test } from 'vitest'
import { createKnownDevices, deviceMaxAgeMs } from './known-device.ts'

let nowMs = Date.UTC(2026, 0, 1)
const clock = { nowMs: () => nowMs }
const devices = createKnownDevices({ key: Buffer.alloc(32, 1), clock })

test('a mark is good for its account, for its time, and only as it was made', () => {
  const mark = devices.createMark('Ann@example.com')
  const id = devices.findDevice(mark, 'ann@example.com')
  expect(id).toMatch(/^[\w-]{22}$/)
  expect(devices.findDevice(mark, 'bob@example.com')).toBeNull()
  expect(createKnownDevices({ key: Buffer.alloc(32, 2), clock }).findDevice(mark, 'ann@example.com')).toBeNull()
  const [issued = '', , signature = ''] = mark.split('.')
  for (const forged of [undefined, '', 'x', `${issued}.${'A'.repeat(22)}.${signature}`, `${mark}x`]) {
    expect(devices.findDevice(forged, 'ann@example.com')).toBeNull()
  }
  nowMs += deviceMaxAgeMs + 1000
  expect(devices.findDevice(mark, 'ann@example.com')).toBeNull()
  const younger = `${String(Math.floor(nowMs / 1000))}.${id ?? ''}.${signature}`
  expect(devices.findDevice(younger, 'ann@example.com')).toBeNull()
})
