// Builds what is stale, bundles the benchmark (it is TypeScript, and Node 20 runs none) and runs it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
const built = spawnSync(process.execPath, ['scripts/build.mjs', 'backend'], { stdio: ['ignore', 2, 2] })
if (built.status !== 0) process.exit(built.status ?? 1)
await build({
  entryPoints: ['tests/bench/bench-api.ts'],
  outdir: 'tests/bench/dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  // Database drivers and the rest of what is installed need no bundling.
  packages: 'external',
})
const { status } = spawnSync(process.execPath, ['tests/bench/dist/bench-api.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exit(status ?? 1)
