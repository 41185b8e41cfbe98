const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Names of all `${NAME}` in the strings of a JSON text. */
export function findPlaceholders(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), (match) => match[1] ?? ''))]
}

/**
 * Copies a JSON value with every `${NAME}` in its strings replaced. A name that is not set, or empty, goes to `missing`
 * and its place stays as it is.
 */
export function fillPlaceholders(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  missing: Set<string>,
): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(PLACEHOLDER, (whole, name: string) => {
      const replacement = environment[name] ?? ''
      if (replacement === '') missing.add(name)
      return replacement === '' ? whole : replacement
    })
  }
  if (Array.isArray(value)) return value.map((item) => fillPlaceholders(item, environment, missing))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, fillPlaceholders(item, environment, missing)])
    return Object.fromEntries(entries)
  }
  return value
}
