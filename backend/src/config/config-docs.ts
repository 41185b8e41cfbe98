import type { Setting } from './setting.ts'
import { settingSections } from './settings.ts'

const GENERATED = 'Made by `npm run generate:config` from backend/src/config/settings.ts; do not edit.'

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function toEnvLines(setting: Setting<unknown>): string[] {
  const notes = [...wrap(setting.description, 110), `Must be ${setting.rule}. Default: ${setting.defaultText}.`]
  return [...notes.map((line) => `# ${line}`), `#${setting.variable}=${setting.example}`, '']
}

/** A file to copy to `.env`: every setting, commented out. */
export function toEnvExample(): string {
  const head = [`# ${GENERATED.replaceAll('`', '')}`, '# Copy to .env and take the # off the lines you need.', '']
  const body = settingSections.flatMap((section) => [
    `# --- ${section.title} ---`,
    '',
    ...section.settings.flatMap(toEnvLines),
  ])
  return [...head, ...body].join('\n')
}

function toRow(setting: Setting<unknown>): string {
  const cells = [`\`${setting.variable}\``, setting.description, setting.rule, setting.defaultText, setting.example]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** The reference page for operators. */
export function toConfigPage(): string {
  const head = [
    '# Configuration',
    '',
    `<!-- ${GENERATED} -->`,
    '',
    'Every setting is an environment variable; `.env` and `backend/.env` in the working directory are read as well, and the',
    'environment goes before them. An empty value counts as not set. Durations are in milliseconds. On start all problems are',
    'reported at once, and `npm run llmchat -- doctor` checks what a value alone can’t show.',
    '',
    'Production rules apply when `DATABASE_URL` is set or `HOST` is not loopback; `LLMCHAT_MODE` overrides that.',
    '',
  ]
  const body = settingSections.flatMap((section) => [
    `## ${section.title}`,
    '',
    '| variable | what it is | must be | default | example |',
    '| --- | --- | --- | --- | --- |',
    ...section.settings.map(toRow),
    '',
  ])
  return [...head, ...body].join('\n')
}
