// Bundles the benchmark (it is TypeScript, and Node 20 runs none) and runs it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { nodeBundle } from './bundle.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const outfile = 'tests/bench/dist/bench-quotas.js'
await build({ ...nodeBundle, entryPoints: ['tests/bench/bench-quotas.ts'], outfile })
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
