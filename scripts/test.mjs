// `npm test`: from a bare checkout through every check. REQUIRE_ALL=1 turns anything skipped into a failure.
import './check-node.mjs'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './build-parts.mjs'
import { prepare } from './prepare.mjs'
import { installSystemPackages } from './system-packages.mjs'

const requiresAll = process.env.REQUIRE_ALL === '1'
const reports = join(root, 'reports')
const vitestReport = join(reports, 'vitest.json')
const playwrightReport = join(reports, 'playwright.json')

/** Each as it stands in package.json, or as one would type it. */
const checks = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'boundaries', command: ['npm', 'run', '--silent', 'boundaries'] },
  { name: 'dead code', command: ['knip'] },
  {
    name: 'unit, contract, integration',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
    countSkipped: () => JSON.parse(readFileSync(vitestReport, 'utf8')).numPendingTests,
  },
  {
    name: 'browser',
    command: ['playwright', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    countSkipped: () => JSON.parse(readFileSync(playwrightReport, 'utf8')).stats.skipped,
  },
]

function runCheck({ name, command, env = {}, countSkipped }) {
  console.log(`\n── ${name}`)
  const [program, ...args] = command
  const bin = program === 'npm' ? 'npm' : join(root, 'node_modules/.bin', program)
  const startMs = performance.now()
  const { status } = spawnSync(bin, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  const skipped = status === 0 && requiresAll && countSkipped ? countSkipped() : 0
  if (skipped > 0) console.log(`${name}: ${skipped} skipped, and REQUIRE_ALL=1 allows none`)
  const isPassed = status === 0 && skipped === 0
  console.log(`── ${name}: ${isPassed ? 'passed' : 'FAILED'} in ${seconds} s`)
  return { name, isPassed, seconds }
}

prepare(['backend', 'frontend', 'simulator'])
installSystemPackages({ requiresAll })
mkdirSync(reports, { recursive: true })
const results = checks.map(runCheck)
const failed = results.filter((result) => !result.isPassed)
console.log('')
for (const { name, isPassed, seconds } of results)
  console.log(`${isPassed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`)
console.log(`checks: ${results.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
