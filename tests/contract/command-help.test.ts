import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
const commands = Object.keys(scripts).filter((name) =>
  /^(?:audit|bench|drill|load):|^(?:cluster|simulator|fuzz:api)$/.test(name),
)

test('there are commands to ask', () => {
  expect(commands.length).toBeGreaterThan(12)
})

// What is run by hand alone would otherwise be found broken on the day it is needed.
test.each(commands)('npm run %s -- --help says what it does', async (name) => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', name, '--', '--help'])
  expect(stdout).toContain(`npm run ${name}`)
  expect(stdout.trim().split('\n').length).toBeGreaterThan(2)
})
