/** Who asks. `junk`: a bearer token that nobody gave out. `other`: a member, for what belongs to `member`. */
export const askers = ['none', 'junk', 'other', 'member', 'auditor', 'operator', 'admin'] as const
export type Asker = (typeof askers)[number]

/** The status of each asker, in the order of `askers`. */
type Statuses = readonly [number, number, number, number, number, number, number]

export interface MatrixRow {
  statuses: Statuses
  /** Instead of the route's address: parameters filled in. `{chat}`, `{user}` … are replaced per test. */
  path?: string
  body?: unknown
  /** What an administrator's key with the scope `scim` is answered, where browsers are refused. */
  byScim?: number
}

/** The same for everybody, known or not. */
export const everybody = (status: number): Statuses => [status, status, status, status, status, status, status]
/** For those who are signed in. */
export const signedIn = (status: number): Statuses => [401, 401, status, status, status, status, status]
/** Of `member` alone; to the others it is not there. */
export const owner = (status: number): Statuses => [401, 401, 404, status, 404, 404, 404]
/** A directory's alone, by API key. */
export const nobodyInBrowser: Statuses = [401, 401, 403, 403, 403, 403, 403]
export const admins = (status: number): Statuses => [401, 401, 403, 403, 403, 403, status]
export const operators = (status: number): Statuses => [401, 401, 403, 403, 403, status, status]
export const readers = (status: number): Statuses => [401, 401, 403, 403, status, status, status]
export const auditors = (status: number): Statuses => [401, 401, 403, 403, status, 403, status]

export interface Route {
  method: string
  url: string
}

/** What differs, as sentences: routes without a row, rows without a route, and statuses. Empty: all is as it should be. */
export async function compareAccess(
  routes: readonly Route[],
  rows: Readonly<Record<string, MatrixRow>>,
  ask: (route: Route, row: MatrixRow, asker: Asker) => Promise<number>,
): Promise<string[]> {
  const names = routes.map((route) => `${route.method} ${route.url}`)
  const findings = [
    ...names.filter((name) => rows[name] === undefined).map((name) => `${name} has no row`),
    ...Object.keys(rows)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is no route`),
  ]
  for (const route of routes) {
    const row = rows[`${route.method} ${route.url}`]
    if (row === undefined) continue
    for (const [index, asker] of askers.entries()) {
      const found = await ask(route, row, asker)
      const expected = row.statuses[index]
      if (found !== expected) findings.push(`${route.method} ${route.url} for ${asker}: ${found}, not ${expected}`)
    }
  }
  return findings
}
