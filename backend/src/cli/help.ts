import { commands, type Command } from './command-table.ts'

const COLUMN = 18

/** The page of all commands. */
export function toHelp(): string {
  const lines = commands.map((command) => `  ${command.name.padEnd(COLUMN)}${command.summary}`)
  return [
    'Usage: llmchat COMMAND [OPTIONS]',
    '',
    ...lines,
    '',
    'llmchat COMMAND --help tells more about one; llmchat --version tells the version.',
    '',
  ].join('\n')
}

/** The page of one command. */
export function toCommandHelp(command: Command): string {
  const words = [
    ...command.positionals,
    ...command.options.map((option) => {
      const text = `--${option.name}${option.value === null ? '' : ` ${option.value}`}`
      return option.isRequired ? text : `[${text}]`
    }),
  ]
  const options = command.options.map((option) => {
    const text = `--${option.name}${option.value === null ? '' : ` ${option.value}`}`
    return `  ${text.padEnd(COLUMN + 4)}${option.summary}`
  })
  return [
    `Usage: ${['llmchat', command.name, ...words].join(' ')}`,
    '',
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    ...(options.length > 0 ? ['', ...options] : []),
    '',
    ...command.notes,
    '',
  ].join('\n')
}
