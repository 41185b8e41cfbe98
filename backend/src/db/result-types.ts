import pg from 'pg'

const { builtins } = pg.types

/** Counts and sizes are numbers; what does not fit one stays text rather than lose digits. */
function toSafeInteger(text: string): number | string {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : text
}

const textParsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, toSafeInteger],
  // A date has no time zone; the driver's own parser would give it the local one.
  [builtins.DATE, (text) => text],
])

/** How columns become JavaScript values, the same on both engines: timestamptz → Date, jsonb → parsed, int8 → number. */
export const resultTypes: pg.CustomTypesConfig = {
  getTypeParser(typeId: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : textParsers.get(typeId)
    return own ?? pg.types.getTypeParser(typeId, format ?? 'text')
  },
}
