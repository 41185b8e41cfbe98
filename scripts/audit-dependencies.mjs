// `npm run audit:dependencies`: asks the registry for known advisories about what production installs.
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const help = `npm run audit:dependencies

Asks the registry that npm is configured with for advisories about the dependencies of production (npm audit --omit=dev).

  exit 0   nothing of severity high or critical, or NOT RUN: the registry has no such list, or was not reached. The output
           says which; a run that did not take place is no proof of anything.
  exit 1   at least one finding of severity high or critical
`

const severe = ['high', 'critical']

/** What `npm audit --json` printed, in words. `exitCode` as in the help. */
export function judgeAudit(output) {
  const report = parse(output)
  if (report === null) return { exitCode: 0, lines: ['NOT RUN: npm audit printed no report.'] }
  if (report.metadata?.vulnerabilities === undefined) {
    const why = report.message ?? report.error?.summary ?? 'no reason given'
    return { exitCode: 0, lines: [`NOT RUN: the registry answered without a report (${why}).`] }
  }
  const findings = Object.values(report.vulnerabilities ?? {})
  const isSevere = findings.some(({ severity }) => severe.includes(severity))
  return {
    exitCode: isSevere ? 1 : 0,
    lines: [
      ...findings.map(({ name, severity, range, via }) => `${severity}  ${name} ${range}  ${toTitles(via)}`),
      `RUN: ${findings.length} findings, ${isSevere ? 'some' : 'none'} of them high or critical.`,
    ],
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function toTitles(via = []) {
  return via.map((one) => (typeof one === 'string' ? `by ${one}` : `${one.title} ${one.url}`)).join('; ')
}

function run() {
  if (process.argv.includes('--help')) {
    process.stdout.write(help)
    return
  }
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const { exitCode, lines } = judgeAudit(stdout ?? '')
  console.log(lines.join('\n'))
  process.exitCode = exitCode
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) run()
