const FAULT_NAMES = [
  'status',
  'reset-before-headers',
  'no-response',
  'no-first-token',
  'reset',
  'cut',
  'stall',
  'stall-keepalive',
  'malformed',
  'error',
  'no-done',
  'finish-no-done',
  'no-usage',
  'duplicate-start',
  'html-502',
  'json-error-200',
  'content-filter',
  'length',
  'context-too-long',
  'refuse-prefill',
  'big-event',
  'crlf',
  'comments',
  'unknown-events',
  'after-done',
  'slow-headers',
  'stay-open',
] as const

export type FaultName = (typeof FAULT_NAMES)[number]

export interface PlannedFault {
  name: FaultName
  /** The token position of `@k`; 0 when the plan names none. */
  at: number
  /** Whether the plan named a position. */
  hasPosition: boolean
  /** The value of `name=value`: the status of `status`, the ms of `slow-headers`; else 0. */
  value: number
  /** `retry-after`, `retry-after-ms`, `retry-after-date` (seconds from now), `code`, `message`, `keep-alive` (ms), `for` (ms, of a stall). */
  parameters: Readonly<Record<string, string>>
  /** Strike only the first N requests of one seed; null = all. `once` is 1. */
  times: number | null
  /** Strike while a clock that runs since the last reset is in the on part; null = always. */
  flap: { onMs: number; offMs: number } | null
  /** The text the fault was read from. */
  key: string
}

const PARAMETER_NAMES = ['retry-after', 'retry-after-ms', 'retry-after-date', 'code', 'message', 'keep-alive', 'for']

interface FaultModifiers {
  parameters: Record<string, string>
  times: number | null
  flap: PlannedFault['flap']
}

function readModifier(modifier: string, into: FaultModifiers): string | null {
  const cut = modifier.indexOf('=')
  const name = cut < 0 ? modifier : modifier.slice(0, cut)
  const value = cut < 0 ? '' : modifier.slice(cut + 1)
  if (name === 'once') {
    into.times = 1
    return null
  }
  if (name === 'times' && /^\d+$/.test(value)) {
    into.times = Number(value)
    return null
  }
  const window = /^(\d+)\/(\d+)$/.exec(value)
  if (name === 'flap' && window !== null) {
    into.flap = { onMs: Number(window[1]), offMs: Number(window[2]) }
    return null
  }
  if (!PARAMETER_NAMES.includes(name)) return `unknown fault modifier "${modifier}"`
  into.parameters[name] = value
  return null
}

function parseFault(key: string): PlannedFault | string {
  const [head = '', ...modifiers] = key.split(';')
  const match = /^([a-z0-9-]+)(?:@(\d+)|=(\d+))?$/.exec(head)
  const name = FAULT_NAMES.find((known) => known === match?.[1])
  if (match === null || name === undefined) return `unknown fault "${head}"`
  if ((name === 'status' || name === 'slow-headers') && match[3] === undefined) return `${name} wants a number`
  const read: FaultModifiers = { parameters: {}, times: null, flap: null }
  for (const modifier of modifiers) {
    const problem = readModifier(modifier, read)
    if (problem !== null) return problem
  }
  return {
    name,
    at: Number(match[2] ?? 0),
    hasPosition: match[2] !== undefined,
    value: Number(match[3] ?? 0),
    parameters: read.parameters,
    times: read.times,
    flap: read.flap,
    key,
  }
}

/** Reads `name[@k][=value][;modifier[=value]]…`, several joined by `+`, as in `status=429;retry-after=2;once+crlf`. */
export function parseFaults(text: string): {
  faults: PlannedFault[]
  problems: string[]
} {
  const faults: PlannedFault[] = []
  const problems: string[] = []
  for (const part of text.split('+')) {
    const parsed = parseFault(part)
    if (typeof parsed === 'string') problems.push(parsed)
    else faults.push(parsed)
  }
  return { faults, problems }
}
