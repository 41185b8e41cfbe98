// Brings the load tools into folders of ours that git ignores: k6 from its Go module, Artillery from npm.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './build-parts.mjs'

const k6Version = 'v1.8.1'
const cache = join(root, 'tests/load/.cache')
const artilleryFolder = join(root, 'tests/load/artillery')

function run(command, args, options) {
  const result = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options })
  if (result.error !== undefined) throw result.error
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed (${result.status ?? result.signal})`)
}

/** The path of the k6 program, built first where it is missing. Needs Go. */
export function installK6() {
  const folder = join(cache, k6Version)
  const program = join(folder, 'k6')
  if (existsSync(program)) return program
  process.stderr.write(`Building k6 ${k6Version} from its Go module, a few minutes …\n`)
  const go = existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : 'go'
  run(go, ['install', `go.k6.io/k6@${k6Version}`], { env: { ...process.env, GOBIN: folder } })
  return program
}

/** The path of Artillery's program. */
export function installArtillery() {
  const program = join(artilleryFolder, 'node_modules/artillery/bin/run')
  if (existsSync(program)) return program
  process.stderr.write('Installing Artillery, a minute …\n')
  // Its browser engine would download a browser that we do not use.
  const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: artilleryFolder, env })
  return program
}
