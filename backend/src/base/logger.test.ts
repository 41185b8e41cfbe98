import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function write(fields: object, message: string): string {
  let written = ''
  const destination = { write: (line: string) => (written += line) }
  createLogger({ level: 'info', instanceId: 'one', destination }).info(fields, message)
  return written
}

test('a line is one line of JSON, whatever is in it', () => {
  const forged = 'x\r\n{"level":30,"msg":"forged"}\u2028\u001b[31m'
  const line = write({ name: forged, err: new Error(forged) }, forged)
  expect(line.match(/[\r\n\u001b]/g)).toEqual(['\n'])
  expect(JSON.parse(line)).toMatchObject({ name: forged, msg: forged, err: { message: forged } })
})

test('a line says when in UTC, who wrote it, and no secret that is named as one', () => {
  const line = write({ token: 'xyzzy', request: { cookie: 'xyzzy', password: 'xyzzy' }, title: 'shown' }, 'hello')
  expect(JSON.parse(line)).toMatchObject({ service: 'llmchat', instanceId: 'one', token: '[secret]', title: 'shown' })
  expect((JSON.parse(line) as { time: string }).time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/)
  expect(line).not.toContain('xyzzy')
})
