/** One thing that `doctor` looked at. */
export interface Check {
  name: string
  isOk: boolean
  /** What was found. */
  finding: string
  /** What to do; only where something is wrong. */
  advice?: string
}

export function toOk(name: string, finding: string): Check {
  return { name, isOk: true, finding }
}

export function toProblem(name: string, finding: string, advice: string): Check {
  return { name, isOk: false, finding, advice }
}

export function toReport(checks: readonly Check[]): string {
  const lines = checks.flatMap((check) => [
    `${check.isOk ? 'ok     ' : 'PROBLEM'} ${check.name}: ${check.finding}`,
    ...(check.advice === undefined ? [] : [`        -> ${check.advice}`]),
  ])
  const count = checks.filter((check) => !check.isOk).length
  return [...lines, '', count === 0 ? 'Nothing is wrong.' : `${String(count)} problem(s).`, ''].join('\n')
}

function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'name' in value && 'isOk' in value && 'finding' in value
}

/** Checks that travelled as JSON. */
export function parseChecks(text: string): Check[] {
  const value: unknown = JSON.parse(text)
  return Array.isArray(value) ? value.filter(isCheck) : []
}
