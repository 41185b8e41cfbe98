import { parseArgs } from 'node:util'
import { commands, toParseOptions, type Command } from './command-table.ts'

export type CommandLine =
  | { kind: 'help'; command: Command | null }
  | { kind: 'version' }
  | { kind: 'run'; command: Command; options: Readonly<Record<string, string>>; positionals: readonly string[] }
  /** Not understood; `problem` ends without a full stop. */
  | { kind: 'wrong'; command: Command | null; problem: string }

function findCommand(words: readonly string[]): Command | null {
  return commands.find((command) => command.name.split(' ').every((word, index) => words[index] === word)) ?? null
}

function parseOptions(command: Command, words: string[]): CommandLine {
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: words, options: toParseOptions(command), allowPositionals: true, strict: true })
  } catch (error) {
    return { kind: 'wrong', command, problem: error instanceof Error ? error.message : String(error) }
  }
  const options: Record<string, string> = {}
  for (const [name, value] of Object.entries(parsed.values)) if (typeof value === 'string') options[name] = value
  const missing = command.options.find((option) => option.isRequired && (options[option.name] ?? '').trim() === '')
  if (missing !== undefined) return { kind: 'wrong', command, problem: `--${missing.name} is missing` }
  const { positionals } = parsed
  if (positionals.length < command.positionals.length) {
    return { kind: 'wrong', command, problem: `${command.positionals[positionals.length] ?? ''} is missing` }
  }
  const extra = positionals[command.positionals.length]
  if (extra !== undefined) return { kind: 'wrong', command, problem: `unexpected argument '${extra}'` }
  return { kind: 'run', command, options, positionals }
}

/** Reads the words after the program's name. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const [first] = words
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    return { kind: 'help', command: findCommand(words.slice(1)) }
  }
  if (first === '--version' || first === '-v') return { kind: 'version' }
  const command = findCommand(words)
  if (command === null) return { kind: 'wrong', command: null, problem: `unknown command '${words.join(' ')}'` }
  const rest = words.slice(command.name.split(' ').length)
  if (rest.includes('--help') || rest.includes('-h')) return { kind: 'help', command }
  return parseOptions(command, rest)
}
