import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const version = '4.32.5'
/** From the root of the project, where every one of our programs runs. */
const folder = resolve(`tests/fuzz/.cache/schemathesis-${version}`)

function run(program: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (error !== undefined) throw new Error('Fuzzing needs Python 3 with venv: install it.', { cause: error })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr.slice(-2000)}`)
}

/** The path of schemathesis, installed first from PyPI where it is missing. Needs Python 3.10 or later. */
export function installSchemathesis(): string {
  const program = `${folder}/bin/schemathesis`
  if (existsSync(program)) return program
  run('python3', ['-m', 'venv', folder])
  run(`${folder}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`])
  return program
}
