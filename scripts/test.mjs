// `npm test`: from a bare checkout through every check. REQUIRE_ALL=1 turns anything skipped into a failure.
import './check-node.mjs'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
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
    reportFile: vitestReport,
    countSkipped: (report) => report.numPendingTests,
    listFailed: listFailedOfVitest,
  },
  {
    name: 'browser',
    command: ['playwright', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    reportFile: playwrightReport,
    countSkipped: (report) => report.stats.skipped,
    listFailed: (report) => listFailedOfPlaywright(report.suites),
  },
]

const longestCause = 1_000

/** One text a failed test, or file that could not be loaded: where, which, why. */
function listFailedOfVitest({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed')
    const file = relative(root, name)
    if (status === 'failed' && failed.length === 0) return [`${file}\n${message.slice(0, longestCause)}`]
    return failed.map((one) => `${file} > ${one.fullName}\n${one.failureMessages.join('\n').slice(0, longestCause)}`)
  })
}

function listFailedOfPlaywright(suites) {
  return suites.flatMap(({ file, specs = [], suites: inner }) => [
    ...specs.filter(({ ok }) => !ok).map(({ title }) => `${file} > ${title}`),
    ...listFailedOfPlaywright(inner ?? []),
  ])
}

function runCheck({ name, command, env = {}, reportFile, countSkipped, listFailed }) {
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
  // None where the check broke down before it wrote one.
  const report = reportFile && existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : null
  const skipped = requiresAll && report ? countSkipped(report) : 0
  if (skipped > 0) console.log(`${name}: ${skipped} skipped, and REQUIRE_ALL=1 allows none`)
  const isPassed = status === 0 && skipped === 0
  console.log(`── ${name}: ${isPassed ? 'passed' : 'FAILED'} in ${seconds} s`)
  return { name, isPassed, seconds, failed: status !== 0 && report ? listFailed(report) : [] }
}

prepare(['backend', 'frontend', 'simulator'])
installSystemPackages({ requiresAll })
for (const file of [vitestReport, playwrightReport]) rmSync(file, { force: true })
mkdirSync(reports, { recursive: true })
const results = checks.map(runCheck)
const failed = results.filter((result) => !result.isPassed)
console.log('')
// Last, where whoever sees only the end of the output finds it.
for (const text of results.flatMap((result) => result.failed)) console.log(`FAILED  ${text}\n`)
for (const { name, isPassed, seconds } of results)
  console.log(`${isPassed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`)
console.log(`checks: ${results.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
