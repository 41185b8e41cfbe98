/** Order matters: most say that they are also Chrome and Safari. */
const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
]

const systems: readonly (readonly [string, RegExp])[] = [
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
]

/** `Firefox · Windows` out of what a browser says of itself, for a person to know it again; null: nothing known. */
export function toBrowserName(userAgent: string): string | null {
  const find = (names: typeof browsers): string[] =>
    names
      .filter(([, pattern]) => pattern.test(userAgent))
      .map(([name]) => name)
      .slice(0, 1)
  const parts = [...find(browsers), ...find(systems)]
  return parts.length === 0 ? null : parts.join(' · ')
}
