import { describe, expect, test } from 'vitest'
import { containing } from '../../../tests/support/containing.ts'
import { commands } from './command-table.ts'
import { findRequest, toWords, type CommandRequest } from './command-request.ts'
import { toCommandHelp, toHelp } from './help.ts'
import { parseCommandLine } from './parse-command-line.ts'

describe('parseCommandLine', () => {
  test('reads commands of one and of two words', () => {
    expect(parseCommandLine(['create-api-key', '--email', 'a@b.c', '--name=CI'])).toMatchObject({
      kind: 'run',
      command: { name: 'create-api-key' },
      options: { email: 'a@b.c', name: 'CI' },
    })
    expect(parseCommandLine(['agents', 'import', 'x.json'])).toMatchObject({
      kind: 'run',
      command: { name: 'agents import' },
      positionals: ['x.json'],
    })
  })

  test.each([
    [['creat-admin'], "unknown command 'creat-admin'"],
    [['agents'], "unknown command 'agents'"],
    [['agents', 'import'], 'FILE is missing'],
    [['agents', 'import', 'a', 'b'], "unexpected argument 'b'"],
    [['create-admin', '--email', 'a@b.c'], '--password is missing'],
    [['create-admin', '--email', ' ', '--password', 'x'], '--email is missing'],
    [['migrate', '--force'], "Unknown option '--force'"],
  ])('says what is wrong with %j', (words, problem) => {
    const line = parseCommandLine(words)
    expect(line).toMatchObject({ kind: 'wrong', problem: containing(problem) })
  })

  test('gives help for everything', () => {
    expect(parseCommandLine([])).toEqual({ kind: 'help', command: null })
    expect(parseCommandLine(['--help'])).toEqual({ kind: 'help', command: null })
    for (const command of commands) {
      const words = command.name.split(' ')
      expect(parseCommandLine([...words, '--help'])).toEqual({ kind: 'help', command })
      expect(parseCommandLine(['help', ...words])).toEqual({ kind: 'help', command })
      expect(toHelp()).toContain(command.summary)
      for (const option of command.options) expect(toCommandHelp(command)).toContain(`--${option.name}`)
    }
  })
})

test.each<CommandRequest>([
  { name: 'migrate' },
  { name: 'check' },
  { name: 'create-admin', email: 'a@b.c', password: '-- p "w"', displayName: '' },
  { name: 'create-api-key', email: 'a@b.c', rateLimit: '', keyName: 'CI', scopes: 'chat,read', expiresDays: '' },
  { name: 'import-agents', path: '/x y.json', environment: { A: '1', B: 'two words' } },
])('$name arrives at the server as it was sent', (request) => {
  expect(findRequest(toWords(request))).toEqual(request)
})
