// Brings a checkout to where it can run: packages installed, stale parts built. Writes to standard error alone.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isStale, parts, root } from './build-parts.mjs'

const lockFile = join(root, 'package-lock.json')
const installedFile = join(root, 'node_modules/.package-lock.json')
const markerFile = join(root, 'node_modules/.llmchat-lock-hash')

function tell(text) {
  process.stderr.write(`${text}\n`)
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (result.error !== undefined) throw result.error
  if (result.status !== 0) {
    tell(`${[command, ...args].join(' ')} failed (${result.status ?? result.signal}).`)
    process.exit(1)
  }
}

/** Whether what npm says it installed is what the lock file asks for; packages for other systems are optional. */
function isInstalled() {
  if (!existsSync(installedFile)) return false
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.includes('node_modules/') ||
      entry.optional === true ||
      entry.devOptional === true ||
      entry.link === true ||
      installed[path]?.version === entry.version,
  )
}

function install() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  if (existsSync(markerFile) && readFileSync(markerFile, 'utf8') === hash) return
  if (!isInstalled()) {
    tell('Installing packages (npm install) …')
    // Not `npm ci`: it refuses a lock file without optional packages of other systems, which a mirror may not have.
    const args = ['install', '--no-audit', '--no-fund']
    // Under npm its own program is known; npm.cmd, on Windows, can only be started by a shell.
    const npm = process.env.npm_execpath
    if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args])
    else run('npm', args, { shell: process.platform === 'win32' })
  }
  writeFileSync(markerFile, hash)
}

/** `names`: of the parts that are needed. */
export function prepare(names) {
  install()
  const stale = parts.filter((part) => names.includes(part.name) && isStale(part)).map((part) => part.name)
  if (stale.length === 0) return
  tell(`Building ${stale.join(', ')} …`)
  // In a process of its own: the build tools would stay in the memory of the server.
  run(process.execPath, [join(root, 'scripts/build.mjs'), ...stale])
}
