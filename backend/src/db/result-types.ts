import pg from 'pg'

const { builtins } = pg.types

/** Counts and sizes are numbers; what does not fit one stays text rather than lose digits. */
function toSafeInteger(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

/** How columns become JavaScript values, the same on both engines: timestamptz → Date, jsonb → parsed, int8 → number. */
export function createResultTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides()
  types.setTypeParser(builtins.INT8, toSafeInteger)
  // A date has no time zone; the driver's own parser would give it the local one.
  types.setTypeParser(builtins.DATE, (text: string) => text)
  return types
}
