/** One thing the process may be told. From these come the parser, `.env.example` and `docs/CONFIG.md`. */
export interface Setting<Value> {
  variable: string
  description: string
  /** What a value must be, to end the sentence "VARIABLE must be …". */
  rule: string
  example: string
  default: Value
  /** The default as the docs show it: as one would write it, or in words. */
  defaultText: string
  /** Undefined: the text breaks the rule. */
  parse(text: string): Value | undefined
}

interface Described {
  variable: string
  description: string
  example?: string
}

const FLAGS = new Map([
  ['1', true],
  ['true', true],
  ['on', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['off', false],
  ['no', false],
])

/** A whole number. `default: null` means "no value", said in words by `defaultText`. */
export function createIntegerSetting<Default extends number | null>(
  options: Described & { min: number; max: number; default: Default; defaultText?: string },
): Setting<number | Default> {
  const { min, max, ...rest } = options
  return {
    ...rest,
    rule: `a whole number from ${String(min)} to ${String(max)}`,
    example: options.example ?? String(options.default ?? min),
    defaultText: options.defaultText ?? String(options.default ?? 'none'),
    parse(text) {
      const value = Number(text)
      return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined
    },
  }
}

/** Yes or no; null: not said. */
export function createFlagSetting<Default extends boolean | null>(
  options: Described & { default: Default; defaultText: string },
): Setting<boolean | Default> {
  return {
    ...options,
    rule: '1, true, on, yes, 0, false, off or no',
    example: options.example ?? '1',
    parse: (text) => FLAGS.get(text.toLowerCase()),
  }
}

/** Text that `parse` checks and may turn into its proper form. */
export function createTextSetting<Default extends string | null>(
  options: Described & {
    rule: string
    example: string
    default: Default
    defaultText?: string
    parse: (text: string) => string | undefined
  },
): Setting<string | Default> {
  return { ...options, defaultText: options.defaultText ?? options.default ?? 'none' }
}

/** One word out of a few. */
export function createChoiceSetting<Choice extends string, Default extends Choice | null>(
  options: Described & { choices: readonly Choice[]; default: Default; defaultText?: string },
): Setting<Choice | Default> {
  const { choices, ...rest } = options
  return {
    ...rest,
    rule: `one of ${choices.join(', ')}`,
    example: options.example ?? choices[0] ?? '',
    defaultText: options.defaultText ?? options.default ?? 'none',
    parse: (text) => choices.find((choice) => choice === text),
  }
}

/** A JSON object of texts. `words`: what its values may be; null: any text that is not empty. */
export function createMappingSetting(
  options: Described & { words: readonly string[] | null; example: string },
): Setting<Readonly<Record<string, string>> | null> {
  const { words, ...rest } = options
  const isValue = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && (words === null || words.includes(value))
  return {
    ...rest,
    rule: `a JSON object whose values are ${words === null ? 'texts' : words.join(', ')}`,
    default: null,
    defaultText: 'none',
    parse(text) {
      const entries = Object.entries(parseObject(text) ?? {})
      const found = entries.flatMap(([key, value]) => (isValue(value) ? [[key, value] as const] : []))
      return found.length > 0 && found.length === entries.length ? Object.fromEntries(found) : undefined
    },
  }
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** Values separated by commas. */
export function createListSetting(options: Described & { rule: string; example: string }): Setting<string[]> {
  return {
    ...options,
    default: [],
    defaultText: 'none',
    parse: (text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
  }
}
