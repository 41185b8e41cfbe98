import type { ParseArgsConfig } from 'node:util'

export interface CommandOption {
  name: string
  /** What stands for the value in the help; null: a switch. */
  value: string | null
  summary: string
  isRequired: boolean
}

export interface Command {
  /** One word, or two. */
  name: string
  summary: string
  /** Names of the arguments that are no options, all required. */
  positionals: readonly string[]
  options: readonly CommandOption[]
  notes: readonly string[]
}

const emailOption: CommandOption = { name: 'email', value: 'E-MAIL', summary: 'whose', isRequired: true }

const USES_SERVER = 'While a server runs on the data folder, this is done through it; else on the database itself.'

/** All there is; parser and help both read it. */
export const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'start the server and stay until it is told to stop (SIGTERM, Ctrl-C)',
    positionals: [],
    options: [],
    notes: ['Takes its settings from the environment and .env, see docs/CONFIG.md.'],
  },
  {
    name: 'migrate',
    summary: 'bring the database schema up to this version',
    positionals: [],
    options: [],
    notes: [USES_SERVER],
  },
  {
    name: 'create-admin',
    summary: 'make an administrator',
    positionals: [],
    options: [
      { ...emailOption, summary: 'address to sign in with' },
      { name: 'password', value: 'PASSWORD', summary: 'at least 12 characters', isRequired: true },
      { name: 'name', value: 'NAME', summary: 'shown to others; default: the address', isRequired: false },
    ],
    notes: [USES_SERVER],
  },
  {
    name: 'create-api-key',
    summary: 'make an API key of a user; prints the key alone on standard output',
    positionals: [],
    options: [
      { ...emailOption, summary: 'address of the user the key acts for' },
      { name: 'name', value: 'NAME', summary: 'what the key is for', isRequired: true },
      {
        name: 'rate-limit',
        value: 'N',
        summary: 'requests per minute of this key alone; default: it counts among its user’s',
        isRequired: false,
      },
      {
        name: 'scopes',
        value: 'LIST',
        summary: 'what it may do, of chat, read and admin; default: chat,read',
        isRequired: false,
      },
      { name: 'expires-days', value: 'N', summary: 'it ends after so many days; default: never', isRequired: false },
    ],
    notes: ['The key is stored only as a hash: it is shown this once.', USES_SERVER],
  },
  {
    name: 'reset-password',
    summary: 'make a link by which a user sets a new password; prints it alone on standard output',
    positionals: [],
    options: [{ ...emailOption, summary: 'address of the user' }],
    notes: ['The link works once, for two hours, and ends all logins of the user when it is used.', USES_SERVER],
  },
  {
    name: 'agents import',
    summary: 'make or update agents from a file; deletes none',
    positionals: ['FILE'],
    options: [],
    notes: ['For the format see config/agents.example.json; ${NAME} is filled from the environment.', USES_SERVER],
  },
  {
    name: 'audit verify',
    summary:
      'look for entries of the audit log that were changed, removed or put elsewhere; exit code 1 when there are',
    positionals: [],
    options: [],
    notes: [USES_SERVER],
  },
  {
    name: 'rotate-secret-key',
    summary: 'exchange the installation’s secret: seal everything anew, all or nothing',
    positionals: [],
    options: [],
    notes: [
      'Stop every instance first. With SECRET_KEY: set NEW_SECRET_KEY as well, and afterwards start with it as SECRET_KEY.',
      'Without: DATA_DIR/secret.key is replaced by a new one.',
    ],
  },
  {
    name: 'doctor',
    summary: 'look for what would keep this installation from working; exit code 1 when there is something',
    positionals: [],
    options: [],
    notes: [
      'Looks at the Node version, the settings, the data folder and its lock, the secret key, the disk, the port, the',
      'database (schema, indexes, search, connections, replica), and whether the agents’ addresses are allowed and answer.',
      'Changes nothing.',
    ],
  },
]

type ParseOptions = NonNullable<ParseArgsConfig['options']>

export function toParseOptions(command: Command): ParseOptions {
  const options: ParseOptions = {}
  for (const option of command.options) options[option.name] = { type: option.value === null ? 'boolean' : 'string' }
  return options
}
