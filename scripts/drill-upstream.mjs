// Builds what is stale, bundles the drill (it is TypeScript, and Node 20 runs none) and runs it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
const built = spawnSync(process.execPath, ['scripts/build.mjs', 'backend'], { stdio: ['ignore', 2, 2] })
if (built.status !== 0) process.exit(built.status ?? 1)
await build({
  entryPoints: ['tests/drills/upstream/drill-upstream.ts'],
  outdir: 'tests/drills/upstream/dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
})
const program = 'tests/drills/upstream/dist/drill-upstream.js'
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
